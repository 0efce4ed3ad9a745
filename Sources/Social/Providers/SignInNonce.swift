import Model

/// A nonce of ours: it tells its own end, and carries the proof that we made it.
/// `Protocol/providers.md#the-flow`.
package struct SignInNonce: Hashable, Sendable {
    package static let randomBytes = 16
    /// Of HMAC-SHA-256.
    package static let proofBytes = 32
    private static let timeBytes = 8

    package let random: [UInt8]
    package let expiresMs: Int64

    package init(random: [UInt8], nowMs: Int64) {
        precondition(random.count == Self.randomBytes, "a nonce has its random bits")
        self.random = random
        expiresMs = nowMs + Int64(Limits.nonceMinutes) * 60_000
    }

    /// What the proof is made of.
    package var signed: [UInt8] {
        random
            + (0..<Self.timeBytes).map { index in
                UInt8(truncatingIfNeeded: expiresMs >> Int64(8 * (Self.timeBytes - 1 - index)))
            }
    }

    package func text(proof: [UInt8]) -> String { Base64URL.text(signed + proof) }

    /// Takes a text apart; who calls checks the proof.
    package static func read(_ text: String) -> (nonce: SignInNonce, proof: [UInt8])? {
        guard let bytes = Base64URL.bytes(text),
            bytes.count == randomBytes + timeBytes + proofBytes
        else { return nil }
        let time = bytes[randomBytes..<randomBytes + timeBytes]
        let expiresMs = time.reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return (
            SignInNonce(random: Array(bytes.prefix(randomBytes)), expiresMs: expiresMs),
            Array(bytes.suffix(proofBytes))
        )
    }

    private init(random: [UInt8], expiresMs: Int64) {
        self.random = random
        self.expiresMs = expiresMs
    }

    /// One that ends later than any that we make now is not ours, or of another clock.
    package func isCurrent(nowMs: Int64) -> Bool {
        nowMs < expiresMs
            && expiresMs <= nowMs + Int64(Limits.nonceMinutes) * 60_000
                + Int64(Limits.idTokenLeewaySeconds) * 1_000
    }
}
