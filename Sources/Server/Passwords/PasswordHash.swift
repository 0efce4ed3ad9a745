import CArgon2
import Model

/// Passwords as they are stored: Argon2id in a PHC string (RFC 9106), bcrypt for older accounts.
///
/// These functions block for tens of milliseconds and take 19 MiB each; a bounded pool of the
/// caller runs them, never an event loop.
package enum PasswordHash {
    /// 19 MiB, 2 passes, 1 lane: OWASP's first choice for a login that must stay quick.
    static let memoryKiB: UInt32 = 19 * 1_024
    static let passes: UInt32 = 2
    static let lanes: UInt32 = 1
    static let saltBytes = 16
    static let hashBytes = 32
    /// A hash in today's form that no password has. Verifying against it for unknown e-mails makes
    /// them take as long as known ones.
    package static let decoy =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
        + "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    /// The PHC string of a password, with a fresh random salt.
    package static func hash(_ password: String) throws(PasswordHashError) -> String {
        let phrase = Array(password.utf8)
        guard phrase.count <= Limits.passwordBytesMax else { throw .tooLong }
        var random = SystemRandomNumberGenerator()
        let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let length = argon2_encodedlen(
            passes, memoryKiB, lanes, UInt32(saltBytes), UInt32(hashBytes), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        // SAFETY: each pointer is valid during the call, and passed with its own length.
        let code = unsafe argon2id_hash_encoded(
            passes, memoryKiB, lanes, phrase, phrase.count, salt, salt.count, hashBytes, &encoded,
            encoded.count)
        guard code == ARGON2_OK.rawValue else { throw .library(code: code) }
        return String(
            decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Judges a password against a stored hash. The comparison takes the same time wherever the
    /// first difference is.
    package static func verify(_ password: String, against stored: String) -> PasswordVerdict {
        let phrase = Array(password.utf8)
        guard phrase.count <= Limits.passwordBytesMax else { return .wrong }
        if let cost = Argon2Cost(stored) { return verifyArgon2(phrase, stored, cost) }
        if let bcrypt = BcryptHash(stored) { return bcrypt.verify(phrase) }
        return .unreadable
    }

    private static func verifyArgon2(
        _ phrase: [UInt8], _ stored: String, _ cost: Argon2Cost
    ) -> PasswordVerdict {
        guard cost.isBearable else { return .unreadable }
        // SAFETY: both pointers are valid during the call; the first is NUL-terminated.
        let code = unsafe argon2id_verify(stored, phrase, phrase.count)
        switch code {
        case ARGON2_OK.rawValue: return cost.isCurrent ? .ok : .okNeedsRehash
        case ARGON2_VERIFY_MISMATCH.rawValue: return .wrong
        default: return .unreadable
        }
    }
}
