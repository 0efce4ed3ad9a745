/// Secure random bytes for tokens, salts, replica ids and mask keys.
package enum RandomBytes {
    /// `count` bytes of the system's cryptographic generator (getrandom on Linux).
    package static func make(_ count: Int) -> [UInt8] {
        precondition(count >= 0)
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let word = generator.next()
            for shift in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift))))
            }
        }
        return bytes
    }
}
