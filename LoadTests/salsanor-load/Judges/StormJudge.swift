/// Whether everybody came back in time, with everything.
struct StormJudge {
    let delivery: DeliveryJudge
    /// Nil when somebody did not come back at all.
    let seconds: Double?
    let within: Double

    func judge(_ verdict: inout Verdict) {
        delivery.judge(&verdict)
        let missing = delivery.books.count { $0.openings < 2 }
        verdict.require(missing == 0, "\(missing) did not open their streams again")
        guard let seconds else { return verdict.require(false, "not everybody came back") }
        verdict.require(seconds <= within, "\(seconds.short) s, wanted \(within.short)")
    }
}
