import Client
import Model
import Replica
import Transport
import Wire

/// Somebody who follows an author and counts what comes: each activity once, none left out. Drops
/// its socket when told to, or when the server does, and resumes with its cursor.
final class Follower: LinkDelegate, LoopMember {
    /// What all of them count, on their loop.
    final class Board {
        /// From the acknowledgement, and from the author's call, to the arrival.
        var delivery = Latency()
        var wholeWay = Latency()
        var delivered = 0
        var live = 0
        var doubled = 0
        /// Resumed streams that were not complete.
        var unrecovered = 0
        var failure: String?
        var eventBytes = 0
        /// When the author's acts were acknowledged, and arrivals before that, by their order.
        fileprivate var acknowledged: [Duration?] = []
        fileprivate var begun: [Duration] = []
        fileprivate var early: [Int: Int] = [:]
        fileprivate(set) var followers: [Follower] = []

        /// The author's next call leaves.
        func begins(now: Duration) { begun.append(now) }

        func acted(_ act: Int, now: Duration) {
            while acknowledged.count <= act { acknowledged.append(nil) }
            acknowledged[act] = now
            // They had it before the author had the answer.
            if let count = early.removeValue(forKey: act) { delivery.record(.zero, count: count) }
        }

        fileprivate func arrived(_ act: Int, now: Duration) {
            delivered += 1
            if act < begun.count { wholeWay.record(now - begun[act]) }
            if act < acknowledged.count, let at = acknowledged[act] {
                delivery.record(now - at)
            } else {
                early[act, default: 0] += 1
            }
        }

        /// Followers that have fewer than `acts`.
        func lacking(_ acts: Int) -> Int { followers.count { $0.count < acts } }

        func dropAll() { for follower in followers { follower.drop() } }

        func close() {
            for follower in followers {
                follower.isClosing = true
                follower.link?.close()
            }
        }
    }

    private let board: Board
    private let token: String
    private let endpoint: Endpoint
    private unowned let driver: LoopDriver
    private let loop: ClientLoop
    private var link: ClientLink?
    private var timer: LoopDriver.Token = 0
    private var cursor: Cursor?
    private var count = 0
    private var isLive = false
    private var isClosing = false
    private var attempt = 0
    private var random: SplitMix64
    /// What the `bye` asked for.
    private var retryAfter: Duration?

    init(
        _ board: Board, number: Int, token: String, to endpoint: Endpoint, on driver: LoopDriver,
        loop: ClientLoop, now: Duration
    ) {
        self.board = board
        self.token = token
        self.endpoint = endpoint
        self.driver = driver
        self.loop = loop
        random = SplitMix64(seed: UInt64(number))
        timer = driver.add(self)
        board.followers.append(self)
        connect(now: now)
    }

    private func connect(now: Duration) {
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    /// Breaks the socket off, as a network does.
    private func drop() { link?.abort("dropped", now: EventLoop.now) }

    func deadlineReached(now: Duration) { if link == nil { connect(now: now) } }

    private func fail(_ why: String) { board.failure = board.failure ?? why }

    // MARK: - LinkDelegate

    func linkOpened(now: Duration) {
        let streams: JSON = ["feed": cursor?.json ?? .null]
        let request = Request(
            id: .integer(1), method: .sessionOpen,
            params: ["token": .string(token), "streams": streams])
        if link?.send(request.bytes) != true { fail("the socket takes no more") }
    }

    func linkReceived(_ text: [UInt8], now: Duration) {
        for message in ServerMessage.read(text) ?? [] {
            switch message {
            case .notification(NotificationName.event, let params):
                if let event = Event(params: params) {
                    board.eventBytes = text.count
                    receive(event, now: now)
                }
            case .notification(NotificationName.bye, let params):
                retryAfter = params["retryAfterMs"]?.int.map { .milliseconds($0) }
            case .failure(_, let error) where error.name.isRetryable:
                retryAfter = error.retryAfterMs.map { .milliseconds($0) }
                drop()
            case .failure(_, let error): fail(error.message)
            case .result, .notification: break
            }
        }
    }

    private func receive(_ event: Event, now: Duration) {
        switch (event.kind, event.span) {
        case (.opened, _):
            guard let opening = StreamOpening(json: event.data) else { return fail("unreadable") }
            if cursor != nil, !opening.recovered { board.unrecovered += 1 }
            cursor = opening.cursor
            setLive(true)
            attempt = 0
        case (.activity, let span?):
            guard let own = cursor?.number, span.through > own else {
                board.doubled += 1
                return
            }
            cursor?.number = span.through
            board.arrived(count, now: now)
            count += 1
        case (.closed, _): drop()
        default: break
        }
    }

    private func setLive(_ isLive: Bool) {
        guard isLive != self.isLive else { return }
        self.isLive = isLive
        board.live += isLive ? 1 : -1
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) {
        setLive(false)
        link = nil
        guard !isClosing else { return }
        // The first try after a loss is soon and spread, as `Reconnection` has it.
        let ceilingMs = min(5_000, 250 << min(attempt, 5))
        attempt += 1
        let wait = retryAfter ?? .milliseconds(Int.random(in: 0...ceilingMs, using: &random))
        retryAfter = nil
        driver.setDeadline(now + wait, of: timer)
    }
}
