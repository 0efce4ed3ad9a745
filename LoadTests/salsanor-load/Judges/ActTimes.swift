/// When an author's acts began, were acknowledged, and arrived at followers. They are told by two
/// threads of work, in any order.
struct ActTimes {
    /// From the acknowledgement; nothing for what came before it.
    private(set) var sinceAnswer = Latency()
    /// From the author's call.
    private(set) var sinceCall = Latency()
    private var begun: [Int: Duration] = [:]
    private var answered: [Int: Duration] = [:]
    /// Arrivals of acts that are not known yet.
    private var early: [Int: [Duration]] = [:]

    mutating func acted(_ act: Int, begun: Duration, answered: Duration) {
        self.begun[act] = begun
        self.answered[act] = answered
        for arrival in early.removeValue(forKey: act) ?? [] { arrived(act, now: arrival) }
    }

    mutating func arrived(_ act: Int, now: Duration) {
        guard let begun = begun[act], let answered = answered[act] else {
            early[act, default: []].append(now)
            return
        }
        sinceCall.record(now - begun)
        sinceAnswer.record(now - answered)
    }
}
