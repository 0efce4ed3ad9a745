import Model
import Testing

@testable import Server

@Suite struct KeySetCacheTests {
    /// A key of NIST's P-256 (its generator), under several names.
    private static func keys(_ ids: String...) throws -> KeySet {
        let keys = ids.map {
            """
            {"kty":"EC","crv":"P-256","kid":"\($0)",\
            "x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",\
            "y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}
            """
        }
        return try KeySet(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    private final class Provider {
        var keys: KeySet?
        var fetches = 0

        init(_ keys: KeySet?) { self.keys = keys }

        func fetch() -> KeySetCache.Fetched? {
            fetches += 1
            return keys.map { KeySetCache.Fetched(keys: $0, keptFor: .seconds(600)) }
        }
    }

    private enum Found { case key, unknown, unavailable }

    private func find(
        _ id: String, in cache: inout KeySetCache, of provider: Provider, seconds: Int
    ) -> Found {
        switch cache.find(id, now: .seconds(seconds), fetch: provider.fetch) {
        case .key: .key
        case .unknown: .unknown
        case .unavailable: .unavailable
        }
    }

    @Test func `A set is fetched once while it is fresh, and again afterwards`() throws {
        let provider = Provider(try Self.keys("a"))
        var cache = KeySetCache()
        #expect(find("a", in: &cache, of: provider, seconds: 0) == .key)
        #expect(find("a", in: &cache, of: provider, seconds: 599) == .key)
        #expect(provider.fetches == 1)
        #expect(find("a", in: &cache, of: provider, seconds: 600) == .key)
        #expect(provider.fetches == 2)
    }

    @Test func `Unknown keys make it fetch once per interval`() throws {
        let provider = Provider(try Self.keys("a"))
        var cache = KeySetCache()
        #expect(find("a", in: &cache, of: provider, seconds: 0) == .key)
        #expect(find("x", in: &cache, of: provider, seconds: 1) == .unknown)
        for second in 2...30 {
            #expect(find("x\(second)", in: &cache, of: provider, seconds: second) == .unavailable)
            #expect(find("a", in: &cache, of: provider, seconds: second) == .key)
        }
        #expect(provider.fetches == 2)
        provider.keys = try Self.keys("b")
        #expect(find("b", in: &cache, of: provider, seconds: 31) == .key)
        #expect(find("a", in: &cache, of: provider, seconds: 62) == .unknown)
    }

    @Test func `A fetch that fails leaves the old keys for a day`() throws {
        let provider = Provider(try Self.keys("a"))
        var cache = KeySetCache()
        #expect(find("a", in: &cache, of: provider, seconds: 0) == .key)
        provider.keys = nil
        #expect(find("a", in: &cache, of: provider, seconds: 700) == .key)
        #expect(find("b", in: &cache, of: provider, seconds: 701) == .unavailable)
        #expect(provider.fetches == 2)
        #expect(find("a", in: &cache, of: provider, seconds: 86_399) == .key)
        #expect(find("a", in: &cache, of: provider, seconds: 86_500) == .unavailable)
        provider.keys = try Self.keys("a")
        #expect(find("a", in: &cache, of: provider, seconds: 86_600) == .key)
    }

    @Test func `Without any keys it is tried once per interval`() {
        let provider = Provider(nil)
        var cache = KeySetCache()
        for second in 0..<30 {
            #expect(find("a", in: &cache, of: provider, seconds: second) == .unavailable)
        }
        #expect(provider.fetches == 1)
        #expect(find("a", in: &cache, of: provider, seconds: 30) == .unavailable)
        #expect(provider.fetches == 2)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"keys":[]}"#,
        #"{"keys":[\#(Array(repeating: "{}", count: 33).joined(separator: ","))]}"#,
    ])
    func `What is no key set`(text: String) {
        #expect(throws: KeySet.Unreadable.self) { try KeySet(Array(text.utf8)) }
    }

    @Test(arguments: [
        #"{"kty":"oct","k":"AAAA","kid":"a"}"#,
        #"{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"a"}"#,
        #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a"}"#,
        // Not on the curve.
        """
        {"kty":"EC","crv":"P-256","kid":"a","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",\
        "y":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY"}
        """,
    ])
    func `Keys that are left out`(key: String) throws {
        #expect(try KeySet(Array(#"{"keys":[\#(key)]}"#.utf8)).keys.isEmpty)
    }

    @Test func `A key for encryption, or of another algorithm, is left out`() throws {
        let key = """
            {"kty":"EC","crv":"P-256","kid":"a",NEW\
            "x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",\
            "y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}
            """
        for (new, count) in [
            ("", 1), (#""use":"sig","#, 1), (#""use":"enc","#, 0), (#""alg":"ES256","#, 1),
            (#""alg":"RS256","#, 0),
        ] {
            let text = #"{"keys":[\#(key.replacing("NEW", with: new))]}"#
            #expect(try KeySet(Array(text.utf8)).keys.count == count, "\(new)")
        }
    }
}
