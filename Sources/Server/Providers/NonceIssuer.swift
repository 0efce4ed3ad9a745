import Crypto
import Social
import Transport

/// Makes nonces and knows its own. `Protocol/providers.md#the-flow`.
struct NonceIssuer: Sendable {
    private let key: SymmetricKey

    init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
    }

    func issue(nowMs: Int64) -> (text: String, expiresMs: Int64) {
        let nonce = SignInNonce(random: RandomBytes.make(SignInNonce.randomBytes), nowMs: nowMs)
        let proof = HMAC<SHA256>.authenticationCode(for: nonce.signed, using: key)
        return (nonce.text(proof: Array(proof)), nonce.expiresMs)
    }

    /// Nil for one that is not ours, or too old.
    func read(_ text: String, nowMs: Int64) -> SignInNonce? {
        guard let (nonce, proof) = SignInNonce.read(text),
            HMAC<SHA256>.isValidAuthenticationCode(
                proof, authenticating: nonce.signed, using: key),
            nonce.isCurrent(nowMs: nowMs)
        else { return nil }
        return nonce
    }

    /// Under which a used one is remembered.
    static func hash(_ nonce: SignInNonce) -> [UInt8] {
        Array(SHA256.hash(data: nonce.signed))
    }
}
