import Crypto
import Model
import Transport

/// Secrets that are given out: sessions, links, letters. Only their SHA-256 is stored.
enum Secret {
    /// 256 random bits.
    ///
    /// - Parameter prefix: by which scanners of leaked secrets can find it.
    static func make(
        prefix: String = "", random: [UInt8] = RandomBytes.make(32)
    ) -> String {
        prefix + Hexadecimal.text(random)
    }

    static func sha256(_ secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }
}
