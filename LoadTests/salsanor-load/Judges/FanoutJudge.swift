/// Whether a fan-out was complete, quick and cheap.
struct FanoutJudge {
    let delivery: DeliveryJudge
    let times: ActTimes
    /// Processor time of a delivery, in microseconds, and that of the floor.
    let each: Double
    let floor: Double
    let p99Ms: Double
    let ratio: Double

    func judge(_ verdict: inout Verdict) {
        delivery.judge(&verdict)
        for (latency, since) in [(times.sinceAnswer, "answer"), (times.sinceCall, "call")] {
            let late = latency.milliseconds(percentile: 99)
            verdict.require(
                late <= p99Ms, "p99 since the \(since) \(late.short) ms, wanted \(p99Ms.short)")
        }
        verdict.require(
            each <= ratio * floor,
            "\((each / floor).short) of the floor's processor time, wanted \(ratio.short)")
    }
}
