import Model
import Rooms
import Wire

/// A room in its home: with where its members sit, and who may come in.
final class RoomHost {
    /// Who waits for the disk.
    enum Waiting {
        /// An edit that was sent as a request.
        case edit(Reply)
        case update(UpdateCall)
    }

    var room: Room
    private(set) var access: RoomAccess
    /// The question that `access` answers: it covers all that was committed before that was asked.
    /// Answers to earlier questions come too late.
    private var accessQuestion: Int
    var seats: [MemberNumber: PeerAddress] = [:]
    /// The disk may hold something else than the room believes: when it works again, the room is
    /// read anew.
    var mustReload = false
    /// Who waits, by the numbers that the room knows them by: ids of different sockets and batches
    /// may be equal, and an answer is due also to who has left the room meanwhile.
    private var calls: [CallNumber: Waiting] = [:]
    private var nextCall: CallNumber = 1
    /// Calls that this room has taken lately: one that is sent again while the first is on its way
    /// is not on disk yet.
    private var operations: [OperationNote] = []

    /// - Parameter question: the last one that was asked before `access` was read.
    init(room: Room, access: RoomAccess, question: Int) {
        self.room = room
        self.access = access
        accessQuestion = question
    }

    // MARK: - Answers

    /// Keeps where the answer goes; nil for a notification.
    func keepCall(_ reply: Reply) -> CallNumber? {
        reply.id == nil ? nil : keepCall(.edit(reply))
    }

    func keepCall(_ waiting: Waiting) -> CallNumber {
        defer { nextCall += 1 }
        calls[nextCall] = waiting
        return nextCall
    }

    func takeCall(_ number: CallNumber?) -> Waiting? {
        number.flatMap { calls.removeValue(forKey: $0) }
    }

    // MARK: - Operations

    /// The call of this user and `opId`, if it was taken lately.
    func operation(like note: OperationNote) -> OperationNote? {
        operations.first { $0.user == note.user && $0.operation == note.operation }
    }

    func isWaiting(for note: OperationNote) -> Bool {
        calls.values.contains {
            if case .update(let call) = $0 { call.note == note } else { false }
        }
    }

    func remember(_ note: OperationNote) {
        if operations.count == Limits.operationsPerRoomMax { operations.removeFirst() }
        operations.append(note)
    }

    func forget(_ note: OperationNote) {
        operations.removeAll { $0 == note }
    }

    // MARK: - Access

    /// Takes an answer, unless a later question was answered already.
    func take(_ access: RoomAccess, answering question: Int, now: Duration) {
        guard question > accessQuestion else { return }
        accessQuestion = question
        self.access = access
        room.changeAccess(now: now) { access.role(of: $0) }
    }
}

enum RoomSlot {
    /// It is being read; these wait. `isStale` when what is read may be older than who may come in.
    case loading([RoomCall], isStale: Bool)
    case open(RoomHost)
}

/// What needs a room to be open.
enum RoomCall: Sendable {
    case join(JoinCall)
    case update(UpdateCall)

    var user: Identifier? {
        switch self {
        case .join(let call): call.user
        case .update(let call): call.note.user
        }
    }
}

/// A call that changes a pattern from outside its room.
struct UpdateCall: Sendable {
    enum Work: Sendable {
        case update(PatternUpdate)
        /// The document as it shall be.
        case restore(JSON)
        /// It was done before, under the same `opId`.
        case done
    }

    let room: Identifier
    let method: Method
    let work: Work
    let note: OperationNote
    let holder: Peer.Holder
    let reply: Reply
}
