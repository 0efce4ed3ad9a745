import CRDT
import Logging
import Model
import Rooms
import Storage
import Testing

@testable import Server

@Suite struct StaleRowsTests {
    /// A room whose snapshot is ahead of its pattern's row, as after a crash.
    private func leaveBehind(_ number: UInt64, bpm: Int64, in house: House) throws {
        let document = Document(
            title: "Rueda", description: "", flavor: .salsa, bpm: bpm, keyNote: 3,
            instruments: nil, catalogue: .current)
        var ahead = document
        ahead.number = 1
        try house.database.write { connection in
            var commit = house.commit(number, after: 0)
            commit.snapshot = RoomSnapshot(
                number: 1, bytes: ahead.json.serialised(), floor: 1)
            try RoomStore(connection).append(commit)
        }
    }

    @Test func `A row that lagged when the server died shows its room again`() throws {
        let house = try House(rooms: 2)
        try leaveBehind(100, bpm: 222, in: house)
        #expect(try StaleRows.refresh(house.database, nowMs: House.nowMs + 5, log: .silent) == 1)
        let rows = try house.database.read { connection in
            (
                try PatternStore(connection).find(House.id(100)),
                try PatternStore(connection).find(House.id(101)),
                try RoomStore(connection).open(House.id(100))
            )
        }
        #expect(rows.0?.content.bpm == 222)
        #expect(rows.0?.content.title == "Rueda")
        #expect(rows.0?.content.keyNote == 3)
        #expect(rows.0?.updatedMs == House.nowMs + 5)
        #expect(rows.1?.content.title == "Son montuno")
        #expect(rows.1?.updatedMs == House.nowMs)
        #expect(rows.2?.rowNumber == 1)
        #expect(try StaleRows.refresh(house.database, nowMs: House.nowMs + 6, log: .silent) == 0)
    }

    @Test func `A room that cannot be read keeps no other shut`() throws {
        let house = try House(rooms: 2)
        try house.database.write { connection in
            var commit = house.commit(100, after: 0)
            commit.snapshot = RoomSnapshot(number: 1, bytes: Array("no JSON".utf8), floor: 1)
            try RoomStore(connection).append(commit)
        }
        try leaveBehind(101, bpm: 90, in: house)
        #expect(try StaleRows.refresh(house.database, nowMs: House.nowMs, log: .silent) == 1)
        let shown = try house.database.read { try PatternStore($0).find(House.id(101)) }
        #expect(shown?.content.bpm == 90)
    }

    @Test func `More than one batch of them`() throws {
        let house = try House(rooms: 70)
        for number in UInt64(100)..<170 { try leaveBehind(number, bpm: 99, in: house) }
        #expect(try StaleRows.refresh(house.database, nowMs: House.nowMs, log: .silent) == 70)
        let left = try house.database.read {
            try RoomStore($0).stale(after: House.id(0), limit: 10)
        }
        #expect(left.isEmpty)
    }
}
