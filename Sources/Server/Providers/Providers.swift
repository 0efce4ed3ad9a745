import Logging
import Model
import Social
import Storage
import Wire

/// The services that are on. `Protocol/providers.md`.
struct Providers: Sendable {
    /// Whom a token speaks of, once all but the use of its nonce was found right.
    struct Person: Sendable {
        let identity: OAuthIdentity
        let email: String?
        let emailVerified: Bool
        let name: String?
        let nonce: SignInNonce
    }

    private let nonces: NonceIssuer
    private let keys: [ProviderName: ProviderKeys]

    init(_ configurations: [ProviderConfiguration], nonceKey: [UInt8], log: Logger) {
        nonces = NonceIssuer(key: nonceKey)
        keys = Dictionary(
            configurations.map { ($0.name, ProviderKeys($0, log: log)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The result of `account.providers`.
    func offer(nowMs: Int64) -> JSON {
        let nonce = nonces.issue(nowMs: nowMs)
        let providers: [JSON] = ProviderName.allCases.compactMap { name in
            keys[name].map { keys in
                [
                    "provider": .string(name.rawValue),
                    "clientIds": .array(keys.configuration.clientIDs.map { .string($0) }),
                ]
            }
        }
        return [
            "providers": .array(providers), "nonce": .string(nonce.text),
            "nonceExpiresMs": .integer(nonce.expiresMs),
        ]
    }

    /// - Parameter completion: called on a queue of its own, or at once.
    /// - Throws: `unavailable` when the provider is off.
    func check(
        _ params: Params, nowMs: Int64,
        completion: @escaping @Sendable (Result<Person, WireError>) -> Void
    ) throws(WireError) {
        let name: ProviderName = try params.choice("provider")
        let token = try params.text("idToken")
        guard let keys = keys[name] else {
            throw WireError(
                .unavailable, "this server does not take \(name.rawValue)", path: "/provider",
                allowed: "one of account.providers")
        }
        let nonces = nonces
        keys.check(token, nowMs: nowMs) { result in
            completion(
                result.flatMap { claims in
                    guard let nonce = nonces.read(claims.nonce, nowMs: nowMs) else {
                        return .failure(.wrongNonce)
                    }
                    return .success(
                        Person(
                            identity: OAuthIdentity(
                                provider: name.rawValue, subject: claims.subject),
                            email: claims.email, emailVerified: claims.emailVerified,
                            name: claims.name, nonce: nonce))
                })
        }
    }
}

extension WireError {
    static var wrongNonce: WireError {
        .wrongToken(allowed: IDTokenClaims.Refusal.nonce.allowed)
    }
}
