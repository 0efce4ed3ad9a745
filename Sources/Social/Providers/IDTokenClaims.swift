package import Model

/// What an ID token says, once its signature was found good (OpenID Connect Core 1.0 §2).
/// `Protocol/providers.md#what-a-token-must-be`.
package struct IDTokenClaims: Hashable, Sendable {
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

    package init(_ payload: JSON) throws(Refusal) {
        guard let object = payload.object, let issuer = object["iss"]?.string,
            let audiences = Self.audiences(object["aud"]), let subject = object["sub"]?.string,
            Self.subjectCharacters ~= subject.unicodeScalars.count,
            let expires = object["exp"]?.double, let nonce = object["nonce"]?.string,
            nonce.utf8.count <= Self.nonceCharactersMax
        else { throw .malformed }
        self.issuer = issuer
        self.audiences = audiences
        self.subject = subject
        self.expires = expires
        notBefore = try Self.time(object["nbf"])
        issued = try Self.time(object["iat"])
        self.nonce = nonce
        email = object["email"]?.string
        // Apple has written it as text.
        emailVerified =
            object["email_verified"]?.bool ?? (object["email_verified"]?.string == "true")
        name = object["name"]?.string
    }

    private static func audiences(_ value: JSON?) -> [String]? {
        if let text = value?.string { return [text] }
        guard let array = value?.array, !array.isEmpty else { return nil }
        let texts = array.compactMap(\.string)
        return texts.count == array.count ? texts : nil
    }

    private static func time(_ value: JSON?) throws(Refusal) -> Double? {
        guard let value else { return nil }
        guard let number = value.double else { throw .malformed }
        return number
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
