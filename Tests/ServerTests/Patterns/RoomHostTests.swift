import CRDT
import Model
import Rooms
import Social
import Storage
import Testing

@testable import Server

/// rooms.md#when-access-changes, as the home of a room keeps it.
@Suite struct RoomHostTests {
    private let other = House.id(50)

    private func access(isPublic: Bool = false, _ roles: [Identifier: Role] = [:]) -> RoomAccess {
        RoomAccess(
            facts: PatternFacts(
                owner: House.user, isPublic: isPublic, isDeleted: false, isRemoved: false,
                isOwnerAway: false), roles: roles)
    }

    private func host() throws -> RoomHost {
        let house = try House(rooms: 1)
        try house.database.write { connection in
            try RoomStore(connection).append(
                RoomCommit(
                    pattern: House.id(100), epoch: house.epoch, firstNumber: 1, lastNumber: 0,
                    committedMs: House.nowMs, edits: [],
                    snapshot: RoomSnapshot(
                        number: 0,
                        bytes: House.pattern(100).document(catalogue: .current).json.serialised(),
                        floor: 0)))
        }
        guard
            case .room(let loaded) = try house.database.read({
                try LoadedRoom.read(House.id(100), from: $0)
            })
        else { throw Impossible() }
        return RoomHost(
            room: try Room(history: try loaded.history(), catalogue: .current, now: .zero),
            access: loaded.access, question: 3)
    }

    private struct Impossible: Error {}

    @Test func `An answer that comes late does not undo a newer one`() throws {
        let host = try host()
        host.take(access([other: .viewer]), answering: 5, now: .zero)
        #expect(host.access.role(of: other) == .viewer)
        host.take(access([other: .editor]), answering: 4, now: .zero)
        #expect(host.access.role(of: other) == .viewer)
        host.take(access(), answering: 6, now: .zero)
        #expect(host.access.role(of: other) == nil)
    }

    @Test func `An answer to what was asked before the room was read comes too late`() throws {
        let host = try host()
        host.take(access(), answering: 3, now: .zero)
        #expect(host.access.role(of: other) == .viewer, "public, as it was read")
    }

    @Test func `Calls are remembered up to a limit, the latest ones`() throws {
        let host = try host()
        func note(_ number: Int) -> OperationNote {
            OperationNote(
                user: House.user, operation: House.id(UInt64(number)), requestSHA256: [])
        }
        for number in 0...Limits.operationsPerRoomMax { host.remember(note(number)) }
        #expect(host.operation(like: note(0)) == nil)
        #expect(host.operation(like: note(1)) == note(1))
        host.forget(note(1))
        #expect(host.operation(like: note(1)) == nil)
    }
}
