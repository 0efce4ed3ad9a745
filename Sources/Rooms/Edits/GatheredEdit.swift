import CRDT
import Model
import Wire

/// An edit that was judged and waits for the disk: accepted, or refused for good.
struct GatheredEdit {
    enum Judgement {
        case accepted(delta: Document, stamp: Stamp, record: [UInt8])
        case refused(Verdict)
    }

    let dot: Dot
    let judgement: Judgement
    /// To be answered after the commit; more than one when it was sent again before that.
    var calls: [CallNumber]
    /// The call that it answers, when it was not sent as an edit.
    var note: OperationNote?

    var byteCount: Int {
        if case .accepted(_, _, let record) = judgement { record.count } else { 256 }
    }
}
