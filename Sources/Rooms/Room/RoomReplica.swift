import CRDT
import Model
import Wire

/// What the room remembers of a writer. `Protocol/rooms.md#replicas`.
struct RoomReplica {
    let user: Identifier
    /// The highest `seq` that was judged, committed or not; what comes next is one more.
    var lastSeq: Int64
    var lastStamp: Stamp
    /// The highest `seq` that is on disk.
    var settledSeq: Int64
    var settledStamp: Stamp
    /// Final refusals on disk that the client has not confirmed, by `seq`.
    var verdicts: [Int64: Verdict] = [:]
    /// The member has been told of verdicts up to this `seq`.
    var verdictsTold: Int64 = 0
    /// Who holds it now.
    var member: MemberNumber?
    var tokens: TokenBucket
    /// Something was settled that the author has not been told.
    var owesSettlement = false
    /// Nothing from here on was taken; told once, until the client comes back with it.
    var retry: Settlement.Retry?
    var toldRetryFrom: Int64?

    var unsettledVerdicts = 0

    func verdicts(after seq: Int64) -> [Verdict] {
        verdicts.values.filter { $0.seq > seq }.sorted { $0.seq < $1.seq }
    }

    /// The socket that held it is gone, and what it was told is of no use to the next.
    mutating func letGo() {
        member = nil
        verdictsTold = 0
        owesSettlement = false
        retry = nil
        toldRetryFrom = nil
    }

    mutating func fallBack() {
        lastSeq = settledSeq
        lastStamp = settledStamp
        unsettledVerdicts = 0
    }
}
