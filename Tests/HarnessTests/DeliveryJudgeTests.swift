import Testing

@testable import salsanor_load

/// The judges of `salsanor-load fanout` and `storm` find what they are there for.
@Suite struct DeliveryJudgeTests {
    /// A follower who got these activities of a feed, and came back if `isBack`.
    private static func book(_ numbers: [Int64], isBack: Bool = true) -> StreamBook {
        var book = StreamBook()
        book.opened(at: 4, recovered: false)
        for number in numbers { book.arrived(through: number, from: 0) }
        if isBack, let last = numbers.last { book.opened(at: last, recovered: true) }
        return book
    }

    private static func outcome(_ books: [StreamBook], seconds: Double? = 1) -> Verdict.Outcome {
        var verdict = Verdict()
        StormJudge(
            delivery: DeliveryJudge(acts: 3, books: books), seconds: seconds, within: 10
        ).judge(&verdict)
        return verdict.outcome
    }

    @Test func `A storm is good when everybody is back in time with everything`() {
        #expect(Self.outcome([Self.book([5, 7, 9]), Self.book([5, 7, 9])]) == .good)
        #expect(Self.outcome([Self.book([5, 7, 9])], seconds: 11) == .bad)
        #expect(Self.outcome([Self.book([5, 7, 9])], seconds: nil) == .bad)
        #expect(Self.outcome([Self.book([5, 7, 9], isBack: false)]) == .bad)
        #expect(Self.outcome([]) == .bad)
    }

    @Test func `One that is lost and one that is doubled do not make up for each other`() {
        let delivery = DeliveryJudge(
            acts: 3, books: [Self.book([5, 7]), Self.book([5, 7, 7, 9])])
        #expect(delivery.lost == 1)
        #expect(delivery.doubled == 1)
        #expect(Self.outcome([Self.book([5, 7])]) == .bad)
        #expect(Self.outcome([Self.book([5, 7, 7, 9])]) == .bad)
        #expect(Self.outcome([Self.book([5, 7, 9, 11])]) == .bad)
    }

    @Test func `A stream that was not recovered is found`() {
        var book = Self.book([5, 7, 9])
        book.opened(at: 9, recovered: false)
        #expect(Self.outcome([book]) == .bad)
    }

    @Test func `Latency counts from the call and from the answer, told in any order`() {
        var times = ActTimes()
        times.arrived(0, now: .milliseconds(30))
        #expect(times.sinceCall.count == 0)
        times.acted(0, begun: .zero, answered: .milliseconds(10))
        times.arrived(0, now: .milliseconds(200))
        #expect(times.sinceCall.count == 2)
        #expect((199.0...201).contains(times.sinceCall.maxMilliseconds))
        #expect((189.0...191).contains(times.sinceAnswer.maxMilliseconds))
        // Before the answer: nothing.
        times.arrived(1, now: .milliseconds(5))
        times.acted(1, begun: .zero, answered: .milliseconds(10))
        #expect(times.sinceAnswer.count == 3)
        #expect((4.9...5.1).contains(times.sinceCall.milliseconds(percentile: 1)))
    }

    @Test(arguments: [(150, 1.0, false), (20, 1.6, false), (20, 1.4, true)])
    func `A fan-out is late when arrivals are late, and dear beside the floor`(
        lateMs: Int, each: Double, isGood: Bool
    ) {
        var times = ActTimes()
        times.acted(0, begun: .zero, answered: .milliseconds(1))
        times.arrived(0, now: .milliseconds(lateMs))
        var verdict = Verdict()
        FanoutJudge(
            delivery: DeliveryJudge(acts: 3, books: [Self.book([5, 7, 9])]), times: times,
            each: each, floor: 1, p99Ms: 100, ratio: 1.5
        ).judge(&verdict)
        #expect((verdict.outcome == .good) == isGood)
    }
}
