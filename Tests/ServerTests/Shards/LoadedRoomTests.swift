import CRDT
import Model
import Rooms
import Storage
import Testing
import Wire

@testable import Server

@Suite struct LoadedRoomTests {
    @Test func `A pattern, its room, or neither`() throws {
        let house = try House(rooms: 1)
        try house.database.write { connection in
            try PatternStore(connection).insert(House.pattern(300))
            var deleted = House.pattern(301)
            deleted.deletedMs = House.nowMs
            try PatternStore(connection).insert(deleted)
            try RoomStore(connection).create(House.id(301), epoch: house.epoch)
        }
        func read(_ number: UInt64) throws -> LoadedRoom.Found {
            try house.database.read { try LoadedRoom.read(House.id(number), from: $0) }
        }
        guard case .room(let loaded) = try read(100) else {
            Issue.record("the room is there")
            return
        }
        #expect(loaded.pattern.id == House.id(100))
        #expect(loaded.record.epoch == house.epoch)
        guard case .roomMissing(let pattern, _) = try read(300) else {
            Issue.record("this has no room")
            return
        }
        #expect(pattern.id == House.id(300))
        guard case .room(let deleted) = try read(301), case .patternMissing = try read(302) else {
            Issue.record("what is deleted is still there, for nobody")
            return
        }
        #expect(loaded.access.role(of: House.user) == .owner)
        #expect(loaded.access.role(of: nil) == .guest)
        #expect(deleted.access.role(of: House.user) == nil)
    }

    @Test func `Replicas and verdicts come back as they were written`() throws {
        let house = try House(rooms: 1)
        let refused = Verdict(seq: 4, error: WireError(.outOfRange, "too fast", path: "/x"))
        try house.database.write { connection in
            var commit = RoomCommit(
                pattern: House.id(100), epoch: house.epoch, firstNumber: 1, lastNumber: 0,
                committedMs: House.nowMs, edits: [])
            commit.replicas = [
                ReplicaRow(
                    replica: .max, user: House.user, lastSeq: 5, lastStamp: .max - 1,
                    createdMs: 1, usedMs: 2)
            ]
            commit.verdicts = [
                VerdictRow(replica: .max, seq: 4, verdict: refused.json.serialised()),
                VerdictRow(replica: .max, seq: 5, verdict: Array("no JSON".utf8)),
            ]
            try RoomStore(connection).append(commit)
        }
        let found = try house.database.read {
            try LoadedRoom.read(House.id(100), from: $0)
        }
        guard case .room(let loaded) = found else {
            Issue.record("the room is there")
            return
        }
        let history = try loaded.history()
        #expect(history.replicas.map(\.id.rawValue) == [.max])
        #expect(history.replicas.first?.lastSeq == 5)
        #expect(history.replicas.first?.lastStamp.rawValue == UInt64.max - 1)
        #expect(history.replicas.first?.user == House.user)
        // What is no verdict is left out, and the room opens.
        #expect(history.verdicts.map(\.verdict) == [refused])
    }

    @Test func `The document of a row keeps what the catalogue knows and drops the rest`() throws {
        let document = House.pattern(
            1,
            configuration: """
                {"instruments":[
                  {"id":"clave","volume":0.25,"enabled":false,"activeProgram":9999},
                  {"id":"theremin","volume":1},
                  {"id":"cowbell","volume":7,"pitchOffset":"high"},
                  {"volume":1}, 5
                ]}
                """
        ).document(catalogue: .current)
        let machine = document.view(catalogue: .current)["machines"]?["Salsa"]
        let instruments = try #require(machine?["instruments"]?.object)
        #expect(Set(instruments.members.map(\.key)) == ["clave", "cowbell"])
        #expect(instruments["clave"]?["volume"]?.double == 0.25)
        #expect(instruments["clave"]?["enabled"]?.bool == false)
        #expect(instruments["clave"]?["activeProgram"]?.int == 0)
        #expect(instruments["cowbell"]?["pitchOffset"]?.int == 0)
    }

    @Test func `A row without readable instruments makes the whole machine, an empty list none`() {
        func shown(_ configuration: String) -> Int {
            let document = House.pattern(1, configuration: configuration)
                .document(catalogue: .current)
            return document.view(catalogue: .current)["machines"]?["Salsa"]?["instruments"]?.object?
                .members.count ?? -1
        }
        #expect(shown("nonsense") > 2)
        #expect(shown(#"{"instruments":[]}"#) == 0)
        #expect(shown("{}") == shown("nonsense"))
    }

    @Test func `A flavor that this version does not know is shown as salsa`() {
        var pattern = House.pattern(1)
        pattern.content.flavor = "Bachata"
        let json = pattern.document(catalogue: .current).view(catalogue: .current)
        #expect(json["flavor"]?.string == "Salsa")
    }
}
