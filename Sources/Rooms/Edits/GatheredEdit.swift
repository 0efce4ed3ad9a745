import CRDT
import Model
import Wire

/// An edit that was judged and waits for the disk: accepted, or refused for good.
struct GatheredEdit {
    enum Judgement {
        case accepted(delta: Document, stamp: Stamp, record: [UInt8])
        case refused(Verdict)
    }

    /// A request that gets its response after the commit.
    struct Call {
        let member: MemberNumber
        let id: RequestID
    }

    let dot: Dot
    let judgement: Judgement
    /// More than one when it was sent again before the commit.
    var calls: [Call]

    var byteCount: Int {
        if case .accepted(_, _, let record) = judgement { record.count } else { 256 }
    }
}
