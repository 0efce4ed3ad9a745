import CRDT
import Model
import Rooms
import Storage
import Testing

@testable import Server

@Suite struct DemoTests {
    private func prepare(
        _ house: House, makes: Bool = true, hashed: @escaping () -> Void = {}
    ) throws -> Identifier? {
        try house.database.write { connection in
            try Demo.prepare(
                connection, makes: makes,
                passwordHash: {
                    hashed()
                    return "$argon2id$demo"
                }, epoch: house.epoch, nowMs: House.nowMs)
        }
    }

    @Test func `An empty database gets account, preferences, pattern and room`() throws {
        let house = try House()
        let pattern = try #require(try prepare(house))
        try house.database.read { connection in
            let found = try UserStore(connection).find(emailNormalised: Demo.email)
            let user = try #require(found)
            #expect(user.passwordHash == "$argon2id$demo")
            #expect(try UserStore(connection).preferences(of: user.id) != nil)
            let row = try PatternStore(connection).find(pattern)
            let record = try #require(row)
            #expect(record.owner == user.id)
            #expect(record.isPublic)
            #expect(record.content.title == "Classic Salsa Beat")
            #expect(record.content.bpm == 120)
            guard case .room(let loaded) = try LoadedRoom.read(pattern, from: connection) else {
                Issue.record("there is no room")
                return
            }
            let document = try loaded.history().document(catalogue: .current)
            #expect(loaded.record.number == 0)
            // The row and the room show the same.
            #expect(
                record.document(catalogue: .current).view(catalogue: .current)
                    == document.view(catalogue: .current))
        }
    }

    @Test func `It is made once, and found again`() throws {
        let house = try House()
        var hashed = 0
        let first = try prepare(house) { hashed += 1 }
        let second = try prepare(house) { hashed += 1 }
        let third = try prepare(house, makes: false) { hashed += 1 }
        #expect(first != nil)
        #expect(second == first)
        #expect(third == first)
        #expect(hashed == 1)
        let count = try house.database.read { connection in
            let found = try UserStore(connection).find(emailNormalised: Demo.email)
            let user = try #require(found)
            return try PatternStore(connection).find(owner: user.id, limit: 2).count
        }
        #expect(count == 1)
    }

    @Test func `A database that has users gets none`() throws {
        let house = try House(rooms: 1)
        #expect(try prepare(house) == nil)
        let user = try house.database.read {
            try UserStore($0).find(emailNormalised: Demo.email)
        }
        #expect(user == nil)
    }

    @Test func `None is made unless it is allowed`() throws {
        let house = try House()
        #expect(try prepare(house, makes: false) == nil)
        #expect(try house.database.read { try UserStore($0).isEmpty() })
    }

    @Test func `The demo pattern is the oldest of its user, not what was made since`() throws {
        let house = try House()
        let first = try #require(try prepare(house))
        try house.database.write { connection in
            let found = try UserStore(connection).find(emailNormalised: Demo.email)
            let user = try #require(found)
            var later = House.pattern(900)
            later.owner = user.id
            later.createdMs = House.nowMs + 1
            try PatternStore(connection).insert(later)
        }
        #expect(try prepare(house) == first)
    }
}
