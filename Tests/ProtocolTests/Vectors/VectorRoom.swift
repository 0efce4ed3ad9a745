import CRDT
import Model
import Rooms
import SourceFiles
import Testing
import Wire

/// A room as the vectors need one: it commits and tells each edit before the next.
struct VectorRoom {
    struct NotJoined: Error {
        let error: WireError
    }

    private(set) var room: Room
    private let epoch: Int64
    private var now: Duration = .zero
    private var members: [ReplicaID: MemberNumber] = [:]
    private static let owner = Identifier("0198c5f0-0000-7000-8000-0000000000aa")

    init(file: VectorFile, state: JSON) throws {
        epoch = try file.json.integer("epoch")
        let id = try #require(Identifier(try file.json.text("room")))
        room = try Room(
            history: RoomHistory(
                room: id, epoch: epoch, number: 0, rowNumber: 0,
                snapshot: state.serialised(), rows: [],
                replicas: [], verdicts: []),
            catalogue: .current, now: .zero)
    }

    enum Answer {
        case accepted(number: Int64, stamp: String)
        case refused(WireError)
        case retry(ErrorName)
        case repeated(WireError?)
    }

    /// All who will write come in first, so that everything is sent to everybody.
    mutating func admit(_ replica: ReplicaID) throws {
        guard members[replica] == nil else { return }
        let result = try join(
            Participant(user: Self.owner, name: "Ana", role: .owner), cursor: nil, fresh: replica)
        #expect(result.replica?.id == replica)
        members[replica] = result.member
    }

    mutating func listen(cursor: Cursor?) throws -> JoinResult {
        try join(
            Participant(user: nil, name: "Guest", role: .guest), cursor: cursor,
            fresh: ReplicaID(rawValue: 1))
    }

    private mutating func join(
        _ participant: Participant, cursor: Cursor?, fresh: ReplicaID
    ) throws -> JoinResult {
        let request = JoinRequest(room: room.id, cursor: cursor)
        switch room.join(request, as: participant, freshReplica: fresh, at: moment(0)) {
        case .joined(_, let result): return result
        case .refused(let error): throw NotJoined(error: error)
        }
    }

    mutating func edit(_ params: JSON, wallMs: Int64) throws -> Answer {
        let request = try EditRequest(try #require(params.object))
        let member = try #require(members[request.replica])
        now += .seconds(1)
        let outcome = room.edit(request, from: member, call: nil, at: moment(wallMs))
        defer { tell(wallMs) }
        switch outcome {
        case .gathered: break
        case .settled(let verdict): return .repeated(verdict?.error)
        case .retry(let error): return .retry(error.name)
        case .refused(let error): throw NotJoined(error: error)
        }
        let begun = room.beginCommit(at: moment(wallMs))
        let draft = try #require(begun)
        room.commitSucceeded(at: moment(wallMs))
        if let verdict = draft.verdicts.first?.verdict { return .refused(verdict.error) }
        let stamp = try #require(draft.replicas.first?.lastStamp)
        return .accepted(number: draft.lastNumber, stamp: stamp.text)
    }

    private mutating func tell(_ wallMs: Int64) {
        now += .seconds(1)
        room.wake(at: moment(wallMs))
        _ = room.takeEffects()
    }

    private func moment(_ wallMs: Int64) -> Moment {
        Moment(elapsed: now, wallClockMs: wallMs)
    }

    static func replica(of params: JSON) throws -> ReplicaID {
        try #require(ReplicaID(try params.text("replica")))
    }
}
