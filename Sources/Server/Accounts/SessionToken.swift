import Crypto
import Model
import Storage

/// A session's secret: 256 random bits with a prefix that scanners of leaked secrets can find.
/// Only its SHA-256 is stored.
enum SessionToken {
    static func make(_ random: [UInt8]) -> String { "sn_" + Hexadecimal.text(random) }

    static func hash(_ token: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }

    static var lifetimeMs: Int64 { Int64(Limits.sessionDays) * 86_400_000 }
}
