/// The extension negotiated for this connection. None is offered or accepted today; this is the one
/// place where permessage-deflate (RFC 7692) would give RSV1 its meaning.
package enum MessageExtension: Hashable, Sendable {
    case none

    /// The reserved bits of a first byte that may be set (RFC 6455 §5.2).
    var reservedBits: UInt8 {
        switch self {
        case .none: 0
        }
    }
}
