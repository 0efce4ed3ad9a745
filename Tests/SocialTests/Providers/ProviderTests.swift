import Model
import Testing
import Wire

@testable import Social

@Suite struct ProviderTests {
    @Test func `RFC 4648 §5: each byte string has one text`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
            let text = Base64URL.text(bytes)
            #expect(Base64URL.bytes(text) == bytes)
            #expect(!text.contains { "=+/".contains($0) })
        }
        for text in ["A", "AAAAA", "AB", "AAB", "AA=", "AA==", "A A", "A+", "A/", "ñ", "AA\n"] {
            #expect(Base64URL.bytes(text) == nil, "\(text)")
        }
        #expect(Base64URL.text([0xFB, 0xFF]) == "-_8")
    }

    @Test func `A nonce tells its end and nothing else is one`() {
        let random = [UInt8](repeating: 7, count: SignInNonce.randomBytes)
        let proof = [UInt8](repeating: 9, count: SignInNonce.proofBytes)
        let nonce = SignInNonce(random: random, nowMs: 1_000)
        let read = SignInNonce.read(nonce.text(proof: proof))
        #expect(read?.nonce == nonce && read?.proof == proof)
        #expect(nonce.isCurrent(nowMs: 1_000) && nonce.isCurrent(nowMs: nonce.expiresMs - 1))
        #expect(!nonce.isCurrent(nowMs: nonce.expiresMs))
        // Made by a clock that was an hour ahead.
        #expect(!nonce.isCurrent(nowMs: 1_000 - 3_600_000))
        #expect(SignInNonce.read("") == nil)
        #expect(SignInNonce.read(String(nonce.text(proof: proof).dropLast())) == nil)
    }

    @Test(arguments: [
        ("", 60), ("max-age=3600", 3_600), ("public, MAX-AGE = \"7200\", must-revalidate", 7_200),
        ("max-age=0", 60), ("no-store", 60), ("max-age=-5", 60), ("max-age=x", 60),
        ("max-age=99999999", 86_400), ("max-age=99999999999999999999999", 86_400),
        (" max-age=120\r\n", 120), ("x-max-age=500", 60), ("max-age", 60),
    ])
    func `RFC 9111 §5.2.2.1: max-age, within bounds`(field: String, seconds: Int64) {
        #expect(CacheControl.keySetMs(field) == seconds * 1_000)
    }

    @Test func `A name comes from the provider, the address, or nowhere`() {
        let rule = Schema.text(1...Limits.displayNameCharactersMax, .name)
        func name(_ name: String?, _ email: String = "lola@example.org") -> String {
            FreshAccount.displayName(name: name, email: email, rule: rule)
        }
        #expect(name("Lola") == "Lola")
        #expect(name(" Lola\n Flores ") == "Lola Flores")
        #expect(name("Lola\u{202E}") == "lola")
        #expect(name(nil) == "lola")
        #expect(name("", "\u{200B}@example.org") == "Dancer")
        #expect(name(String(repeating: "x", count: 101)).count == 100)
        // A cut that leaves a blank at the end.
        #expect(name(String(repeating: "x", count: 99) + " y").count == 99)
    }

    private static let good: JSON.Object = [
        "iss": "https://id.example.org", "aud": "web", "sub": "1", "exp": 2_000, "nonce": "n",
    ]

    private func refusal(
        _ changes: JSON.Object, nowMs: Int64 = 1_000_000
    ) -> IDTokenClaims.Refusal? {
        var object = Self.good
        for (key, value) in changes.members { object[key] = value.isNull ? nil : value }
        do {
            try JSON.object(object).decoded(as: IDTokenClaims.self).check(
                issuers: ["https://id.example.org"], clientIDs: ["web", "app"], nowMs: nowMs)
            return nil
        } catch {
            return error as? IDTokenClaims.Refusal ?? .malformed
        }
    }

    @Test func `OpenID Connect Core §3.1.3.7: what is checked of the claims`() {
        #expect(refusal([:]) == nil)
        #expect(refusal(["aud": ["app", "web"]]) == nil)
        #expect(refusal(["iss": "https://id.example.org/"]) == .issuer)
        #expect(refusal(["aud": "x"]) == .audience)
        #expect(refusal(["aud": ["web", "x"]]) == .audience)
        #expect(refusal(["aud": []]) == .malformed)
        for name in ["iss", "aud", "sub", "exp", "nonce"] {
            #expect(refusal([name: .null]) == .malformed, "\(name)")
        }
        let leeway = Int64(Limits.idTokenLeewaySeconds)
        #expect(refusal([:], nowMs: (2_000 + leeway) * 1_000 - 1) == nil)
        #expect(refusal([:], nowMs: (2_000 + leeway) * 1_000) == .expired)
        #expect(refusal(["nbf": .integer(1_000 + leeway)]) == nil)
        #expect(refusal(["nbf": .integer(1_001 + leeway)]) == .notYet)
        #expect(refusal(["iat": .integer(1_001 + leeway)]) == .notYet)
        #expect(refusal(["iat": "1"]) == .malformed)
        #expect(refusal(["exp": .integer(.min)]) == .expired)
    }

    @Test func `Only what says so is confirmed`() throws {
        for (value, expected) in [
            (JSON.bool(true), true), (.string("true"), true), (.bool(false), false),
            (.string("false"), false), (.integer(1), false), (.null, false),
        ] {
            var object = Self.good
            object["email_verified"] = value
            let claims = try JSON.object(object).decoded(as: IDTokenClaims.self)
            #expect(claims.emailVerified == expected, "\(value)")
        }
    }
}
