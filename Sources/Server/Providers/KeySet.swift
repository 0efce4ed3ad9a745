import Crypto
import CryptoExtras
import Model
import Social

/// A provider's public keys (RFC 7517), by `kid`.
struct KeySet: Sendable {
    enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)

        var algorithm: SignatureAlgorithm {
            switch self {
            case .rsa: .rs256
            case .p256: .es256
            }
        }

        /// Whether `signature` (RFC 7518 §3.3, §3.4) is of these bytes.
        func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
            switch self {
            case .rsa(let key):
                return key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature),
                    for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
            case .p256(let key):
                guard
                    let signature = try? P256.Signing.ECDSASignature(
                        rawRepresentation: signature)
                else { return false }
                return key.isValidSignature(signature, for: bytes)
            }
        }
    }

    /// RFC 7518 §3.3 asks for 2,048 bits at least; more than the most costs time.
    private static let rsaBits = 2_048...8_192

    /// It is no key set, or too large.
    struct Unreadable: Error {}

    let keys: [String: Key]

    /// RFC 7517 §5: keys of kinds that we do not know are left out.
    init(_ bytes: [UInt8]) throws(Unreadable) {
        let limits = JSON.Limits(bytesMax: Limits.keySetBytesMax)
        guard let json = try? JSON.parse(bytes, limits: limits),
            let entries = json["keys"]?.array, entries.count <= Limits.keySetKeysMax
        else { throw Unreadable() }
        var keys: [String: Key] = [:]
        for entry in entries {
            guard let id = entry["kid"]?.string, keys[id] == nil, let key = Self.key(entry),
                entry["use"]?.string ?? "sig" == "sig",
                entry["alg"]?.string ?? key.algorithm.rawValue == key.algorithm.rawValue
            else { continue }
            keys[id] = key
        }
        self.keys = keys
    }

    private static func key(_ entry: JSON) -> Key? {
        switch entry["kty"]?.string {
        case "RSA":
            guard let n = bytes(entry, "n"), let e = bytes(entry, "e"),
                let key = try? _RSA.Signing.PublicKey(n: n, e: e),
                rsaBits ~= key.keySizeInBits
            else { return nil }
            return .rsa(key)
        case "EC" where entry["crv"]?.string == "P-256":
            guard let x = bytes(entry, "x"), let y = bytes(entry, "y"), x.count == 32,
                y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            return .p256(key)
        default: return nil
        }
    }

    private static func bytes(_ entry: JSON, _ member: String) -> [UInt8]? {
        entry[member]?.string.flatMap { Base64URL.bytes($0) }
    }
}
