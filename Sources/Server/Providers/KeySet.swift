package import JWTKit
import Model
import Social

/// A provider's public keys (RFC 7517), by `kid`.
struct KeySet: Sendable {
    /// One key, for one algorithm.
    enum Key: Sendable {
        case rsa(Insecure.RSA.PublicKey)
        case p256(ES256PublicKey)

        var algorithm: SignatureAlgorithm {
            switch self {
            case .rsa: .rs256
            case .p256: .es256
            }
        }

        /// What a token says that this key signed (RFC 7518 §3.3, §3.4).
        ///
        /// Each time a collection of nothing but this key: in one of several, a `kid` that it
        /// does not have leads to the first, and a key without `alg` to the token's own.
        func claims(of token: String) async throws -> IDTokenClaims {
            let parser = DefaultJWTParser(jsonDecoder: StrictJSONDecoder())
            let keys = JWTKeyCollection(defaultJWTParser: parser)
            switch self {
            case .rsa(let key):
                await keys.add(rsa: key, digestAlgorithm: .sha256, parser: parser)
            case .p256(let key): await keys.add(ecdsa: key, parser: parser)
            }
            return try await keys.verify(token)
        }
    }

    /// RFC 7518 §3.3 asks for 2,048 bits at least, and so does jwt-kit; more than 8,192 cost time.
    /// Base64url has 6 bits to a character.
    private static let modulusCharactersMax = 8_192 / 6 + 1

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
            guard let n = entry["n"]?.string, n.utf8.count <= modulusCharactersMax,
                let e = entry["e"]?.string
            else { return nil }
            return (try? Insecure.RSA.PublicKey(modulus: n, exponent: e)).map { .rsa($0) }
        case "EC" where entry["crv"]?.string == "P-256":
            guard let x = entry["x"]?.string, let y = entry["y"]?.string else { return nil }
            return (try? ES256PublicKey(parameters: (x, y))).map { .p256($0) }
        default: return nil
        }
    }
}

extension IDTokenClaims: JWTPayload {
    /// Nothing: who may have issued it, for whom and when is told by `check`, which knows the
    /// provider and the server's clock.
    package func verify(using algorithm: some JWTAlgorithm) {}
}
