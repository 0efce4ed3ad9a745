/// Which end of the connection this is.
package enum Role: Hashable, Sendable {
    case server
    /// - Parameter maskSeed: 256 random bits from the system's source, new for each connection:
    ///   they seed the masking keys, which must not be predictable (RFC 6455 §5.3, §10.3).
    case client(maskSeed: SIMD8<UInt32>)
}
