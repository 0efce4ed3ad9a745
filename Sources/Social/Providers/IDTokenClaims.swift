import Model

/// What an ID token says, once its signature was found good (OpenID Connect Core 1.0 §2).
/// `Protocol/providers.md#what-a-token-must-be`.
package struct IDTokenClaims: Codable, Hashable, Sendable {
    package let issuer: String
    package let audiences: [String]
    package let subject: String
    package let expires: Double
    package let notBefore: Double?
    package let issued: Double?
    package let nonce: String
    package let email: String?
    package let emailVerified: Bool
    package let name: String?

    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audiences = "aud"
        case subject = "sub"
        case expires = "exp"
        case notBefore = "nbf"
        case issued = "iat"
        case nonce, email, name
        case emailVerified = "email_verified"
    }

    /// What is wrong with a token, as the caller is told what is asked.
    package enum Refusal: Error, Hashable, Sendable {
        case malformed, issuer, audience, expired, notYet, nonce

        package var allowed: String {
            switch self {
            case .malformed: "an ID token with iss, aud, sub, exp and nonce"
            case .issuer: "a token of this provider"
            case .audience: "a token for a client id of account.providers"
            case .expired: "a token whose exp is to come"
            case .notYet: "a token whose iat and nbf are past"
            case .nonce: "the nonce of account.providers, once, within its time"
            }
        }
    }

    private static let subjectCharacters = 1...255
    private static let nonceCharactersMax = 256

    package init(from decoder: any Decoder) throws {
        let claims = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try claims.decode(String.self, forKey: .issuer)
        if let audience = try? claims.decode(String.self, forKey: .audiences) {
            audiences = [audience]
        } else {
            audiences = try claims.decode([String].self, forKey: .audiences)
        }
        subject = try claims.decode(String.self, forKey: .subject)
        expires = try claims.decode(Double.self, forKey: .expires)
        notBefore = try claims.decodeIfPresent(Double.self, forKey: .notBefore)
        issued = try claims.decodeIfPresent(Double.self, forKey: .issued)
        nonce = try claims.decode(String.self, forKey: .nonce)
        email = try? claims.decode(String.self, forKey: .email)
        // Apple has written it as text.
        emailVerified =
            (try? claims.decode(Bool.self, forKey: .emailVerified))
            ?? (try? claims.decode(String.self, forKey: .emailVerified) == "true") ?? false
        name = try? claims.decode(String.self, forKey: .name)
        guard Self.subjectCharacters ~= subject.unicodeScalars.count,
            nonce.utf8.count <= Self.nonceCharactersMax, !audiences.isEmpty
        else { throw Refusal.malformed }
    }

    /// - Parameter nowMs: by the server's clock.
    package func check(
        issuers: [String], clientIDs: [String], nowMs: Int64
    ) throws(Refusal) {
        guard issuers.contains(issuer) else { throw .issuer }
        // OpenID Connect Core 1.0 §3.1.3.7: nor may it be for others that we do not trust.
        guard audiences.allSatisfy(clientIDs.contains) else { throw .audience }
        let now = Double(nowMs) / 1_000
        let leeway = Double(Limits.idTokenLeewaySeconds)
        guard now < expires + leeway else { throw .expired }
        guard (notBefore ?? now) <= now + leeway, (issued ?? now) <= now + leeway else {
            throw .notYet
        }
    }
}
