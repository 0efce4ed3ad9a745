import Testing

@testable import Server

/// `Protocol/accounts.md#sessions`: a socket whose token is being looked up while its session ends.
@Suite("Look-ups of tokens") struct SessionLookupsTests {
    private static let (mine, other) = (House.id(1), House.id(2))

    @Test("A session that ends during a look-up is not opened by it")
    func ended() {
        var lookups = SessionLookups()
        lookups.begin(1)
        lookups.begin(2)
        lookups.note([Self.mine])
        let (first, second) = (
            lookups.finish(1, found: Self.mine), lookups.finish(2, found: Self.other)
        )
        #expect(!first)
        #expect(second)
    }

    @Test("What ended before a look-up began is its own snapshot's to know")
    func before() {
        var lookups = SessionLookups()
        lookups.note([Self.mine])
        lookups.begin(1)
        let stands = lookups.finish(1, found: Self.mine)
        #expect(stands)
    }

    @Test("Nothing found is nothing opened, and nothing is kept")
    func nothing() {
        var lookups = SessionLookups()
        lookups.begin(1)
        lookups.note([Self.mine])
        let found = lookups.finish(1, found: nil)
        #expect(!found)
        lookups.begin(1)
        let stands = lookups.finish(1, found: Self.mine)
        #expect(stands)
    }
}
