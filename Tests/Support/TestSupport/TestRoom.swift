import CRDT
package import Model
package import Rooms
package import Wire

/// A room with a disk, a clock and mailboxes: what a shard would give it.
package final class TestRoom {
    package var room: Room
    package var disk: TestDisk
    package var now: Duration = .zero
    package var wallMs: Int64
    /// What each member was sent and has not read.
    package private(set) var mail: [MemberNumber: [[UInt8]]] = [:]
    private var callers: [CallNumber: MemberNumber] = [:]
    package private(set) var removed: Set<MemberNumber> = []
    private var nextReplica: UInt64 = 0x1000

    package init(disk: TestDisk = TestDisk(), wallMs: Int64 = Fixture.startMs) throws {
        self.disk = disk
        self.wallMs = wallMs
        room = try Room(history: disk.history(), catalogue: Fixture.catalogue, now: .zero)
    }

    package var moment: Moment { Moment(elapsed: now, wallClockMs: wallMs) }

    package struct NotJoined: Error {
        package let error: WireError
    }

    package func join(
        _ person: Participant = Fixture.person(.owner), replica: ReplicaID? = nil,
        cursor: Cursor? = nil, confirmed: Int64 = 0, stamps: Bool = false
    ) throws -> JoinResult {
        nextReplica += 1
        let request = JoinRequest(
            room: Fixture.room, cursor: cursor, replica: replica, confirmed: confirmed,
            wantsStamps: stamps)
        let outcome = room.join(
            request, as: person, freshReplica: ReplicaID(rawValue: nextReplica), at: moment)
        collect()
        switch outcome {
        case .joined(_, let result): return result
        case .refused(let error): throw NotJoined(error: error)
        }
    }

    package func edit(
        _ joined: JoinResult, seq: Int64, base: Int64? = nil, claimedMs: Int64? = nil,
        set: JSON.Object = [:], add: [String] = [], remove: [String] = [], isVoid: Bool = false,
        call: Int64? = nil
    ) -> Room.EditOutcome {
        let request = EditRequest(
            room: Fixture.room, replica: joined.replica?.id ?? ReplicaID(rawValue: 0), seq: seq,
            base: base.map { Cursor(epoch: disk.epoch, number: $0) }, claimedMs: claimedMs,
            set: set, add: add, remove: remove, isVoid: isVoid)
        return send(request, from: joined, call: call)
    }

    package func send(
        _ request: EditRequest, from joined: JoinResult, call: Int64? = nil
    ) -> Room.EditOutcome {
        if let call { callers[call] = joined.member }
        let outcome = room.edit(request, from: joined.member, call: call, at: moment)
        collect()
        return outcome
    }

    /// What should be written now; end it with `room.commitSucceeded` or `room.commitFailed`.
    package func beginCommit() -> CommitDraft? { room.beginCommit(at: moment) }

    /// Writes what has gathered, all of it.
    package func commit(isFinal: Bool = false) throws {
        while let draft = room.beginCommit(at: moment, isFinal: isFinal) {
            try disk.write(draft)
            room.commitSucceeded(at: moment)
            collect()
        }
    }

    /// Lets time pass, and does what becomes due.
    package func pass(_ duration: Duration) {
        let end = now + duration
        while let deadline = room.nextDeadline, deadline <= end {
            now = max(now, deadline)
            let before = room.nextDeadline
            room.wake(at: moment)
            collect()
            if room.nextDeadline == before { break }
        }
        now = end
    }

    package func collect() {
        for effect in room.takeEffects() {
            switch effect {
            case .send(let bytes, let member): mail[member, default: []].append(bytes)
            case .broadcast(let bytes, let members, _):
                for member in members { mail[member, default: []].append(bytes) }
            case .respond(let call, let answer):
                guard let member = callers[call] else { continue }
                let message: ServerMessage =
                    switch answer {
                    case .success(let result): .result(.integer(call), result)
                    case .failure(let error): .failure(.integer(call), error)
                    }
                mail[member, default: []].append(message.bytes)
            case .remove(let member): removed.insert(member)
            }
        }
    }

    /// The bytes that a member was sent since the last call.
    package func takeMail(of member: MemberNumber) -> [[UInt8]] {
        mail.removeValue(forKey: member) ?? []
    }

    /// What a member was sent since the last call.
    package func messages(to member: MemberNumber) -> [ServerMessage] {
        let bytes = mail.removeValue(forKey: member) ?? []
        return bytes.flatMap { ServerMessage.read($0) ?? [] }
    }

    package func events(to member: MemberNumber) -> [Event] {
        messages(to: member).compactMap {
            if case .notification("event", let params) = $0 { Event(params: params) } else { nil }
        }
    }

    package func settlements(to member: MemberNumber) -> [Settlement] {
        events(to: member).filter { $0.kind == .settled }.compactMap { Settlement(json: $0.data) }
    }
}
