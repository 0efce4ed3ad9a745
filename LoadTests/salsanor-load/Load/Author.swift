import Client
import Model
import Transport
import Wire

/// Likes patterns at a pace, each until it is acknowledged, and tells when that was. It has a loop
/// of its own, so that an answer is read when it comes, whatever else comes to the followers.
final class Author: ResumingSocket {
    private struct Act {
        let number: Int
        let operation: Identifier
        let begun: Duration
    }

    private let patterns: [Identifier]
    private let pace: Duration
    private let tell: (_ act: Int, _ begun: Duration, _ answered: Duration) -> Void
    /// Not acknowledged yet.
    private var open: [Act] = []
    private var acts = 0
    private var wanted = 0
    private(set) var acknowledged = 0

    /// - Parameters:
    ///   - patterns: each is liked once at most.
    ///   - tell: called on the loop for each act that was acknowledged.
    init(
        token: String, patterns: [Identifier], rate: Double, to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration,
        tell: @escaping (_ act: Int, _ begun: Duration, _ answered: Duration) -> Void
    ) {
        self.patterns = patterns
        self.tell = tell
        pace = .microseconds(Int(1e6 / rate))
        super.init(
            token: token, number: 1 << 32, to: endpoint, on: driver, loop: loop, now: now)
    }

    /// Acts so many times more.
    func act(times: Int, now: Duration) {
        wanted = min(patterns.count, wanted + times)
        if isOpen { wake(at: now) }
    }

    override func sessionOpened(now: Duration) {
        for act in open { send(act) }
        if acts < wanted { wake(at: now) }
    }

    override func woken(now: Duration) {
        guard isOpen, acts < wanted else { return }
        let act = Act(number: acts, operation: freshOperation(), begun: now)
        open.append(act)
        acts += 1
        send(act)
        if acts < wanted { wake(at: now + pace) }
    }

    private func send(_ act: Act) {
        write(
            .patternLike, ["pattern": .string(patterns[act.number].description)],
            id: Int64(act.number) + 2, operation: act.operation)
    }

    override func answered(_ id: Int64, _ result: JSON, now: Duration) {
        guard let index = open.firstIndex(where: { $0.number == Int(id) - 2 }) else { return }
        let act = open.remove(at: index)
        acknowledged += 1
        tell(act.number, act.begun, now)
    }
}
