import Model
import Social

/// An ID token taken apart: JWS compact form (RFC 7515 §3.1), its signature not checked yet.
/// `Protocol/providers.md#what-a-token-must-be`.
struct IDToken: Sendable {
    /// What is asked of a token that could not be read, or is not signed as it should be.
    struct Refusal: Error {
        let allowed: String
    }

    let keyID: String
    let algorithm: SignatureAlgorithm
    private let signed: [UInt8]
    private let signature: [UInt8]
    private let payload: [UInt8]

    /// - Parameter algorithms: those of its provider; the token chooses among them, and a key
    ///   works with one only.
    init(_ text: String, algorithms: [SignatureAlgorithm]) throws(Refusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Limits.idTokenBytesMax, parts.count == 3,
            let head = Base64URL.bytes(parts[0]), let payload = Base64URL.bytes(parts[1]),
            let signature = Base64URL.bytes(parts[2]), let header = Self.json(head)
        else { throw Refusal(allowed: "an ID token in JWS compact form (RFC 7515)") }
        // RFC 7515 §4.1.11: what it lists must be understood, and we understand nothing more.
        guard header["crit"] == nil,
            let algorithm = header["alg"]?.string.flatMap(SignatureAlgorithm.init),
            algorithms.contains(algorithm)
        else {
            throw Refusal(
                allowed: "a token signed with "
                    + algorithms.map(\.rawValue).joined(separator: " or "))
        }
        guard let keyID = header["kid"]?.string else { throw Refusal(allowed: "a token with kid") }
        self.keyID = keyID
        self.algorithm = algorithm
        self.signature = signature
        self.payload = payload
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// What it says, if the key made it.
    func claims(signedBy key: KeySet.Key) throws(Refusal) -> JSON {
        guard key.algorithm == algorithm, key.isValid(signature, for: signed),
            let claims = Self.json(payload)
        else { throw Refusal(allowed: "a token signed by its provider") }
        return claims
    }

    private static func json(_ bytes: [UInt8]) -> JSON? {
        guard case .object(let object)? = try? JSON.parse(bytes, limits: JSON.Limits()) else {
            return nil
        }
        return .object(object)
    }
}
