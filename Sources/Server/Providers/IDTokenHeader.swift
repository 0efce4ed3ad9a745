import Model
import Social

/// Which key an ID token (JWS compact form, RFC 7515 §3.1) is to be checked with.
/// `Protocol/providers.md#what-a-token-must-be`.
///
/// jwt-kit checks a token with whatever key its header leads to, does not compare `alg` with it,
/// passes over `crit` and takes base64url that is not canonical: so this is asked first.
struct IDTokenHeader: Sendable {
    /// What is asked of a token that could not be read, or is not signed as it should be.
    struct Refusal: Error {
        let allowed: String

        static let signature = Refusal(allowed: "a token signed by its provider")
    }

    let keyID: String
    let algorithm: SignatureAlgorithm

    /// - Parameter algorithms: those of its provider; the token chooses among them, and a key
    ///   works with one only.
    init(_ token: String, algorithms: [SignatureAlgorithm]) throws(Refusal) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= Limits.idTokenBytesMax, parts.count == 3,
            let head = Base64URL.bytes(parts[0]), Base64URL.bytes(parts[1]) != nil,
            Base64URL.bytes(parts[2]) != nil, let header = try? JSON.parse(head).object
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
    }
}
