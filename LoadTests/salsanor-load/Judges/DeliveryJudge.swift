/// Whether every follower had every act, once.
struct DeliveryJudge {
    /// Of the author, since the followers opened their streams.
    let acts: Int
    let books: [StreamBook]

    /// Acts that somebody did not get, one for each who lacks it.
    var lost: Int { books.reduce(0) { $0 + max(0, acts - $1.applied) } }
    /// More than happened, or twice the same.
    var doubled: Int { books.reduce(0) { $0 + $1.doubled + max(0, $1.applied - acts) } }
    /// Streams that did not go on where they were.
    var broken: Int { books.reduce(0) { $0 + $1.unrecovered + $1.gaps } }

    func judge(_ verdict: inout Verdict) {
        let short = books.count { $0.applied < acts }
        verdict.require(lost == 0, "\(lost) lost: \(short) followers lack something")
        verdict.require(doubled == 0, "\(doubled) came twice")
        verdict.require(broken == 0, "\(broken) streams did not go on where they were")
        verdict.require(acts > 0 && !books.isEmpty, "nothing was tried")
    }
}
