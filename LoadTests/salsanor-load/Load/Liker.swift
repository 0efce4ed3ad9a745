import Client
import Model
import Replica
import Transport
import Wire

/// Somebody who likes and unlikes patterns, one call after the other: the next leaves when the
/// answer to the last has come, which is when it is on the disk.
final class Liker: LinkDelegate {
    /// What all of them count, on their loop.
    final class Board {
        var acknowledgement = Latency()
        var acknowledged = 0
        var ready = 0
        var isRunning = false
        var failure: String?
        fileprivate(set) var likers: [Liker] = []

        /// Everybody begins, now.
        func start(now: Duration) {
            acknowledgement = Latency()
            acknowledged = 0
            isRunning = true
            for liker in likers { liker.act(now: now) }
        }

        func close() {
            isRunning = false
            for liker in likers { liker.link?.close() }
        }
    }

    private let board: Board
    private let token: String
    private let patterns: [Identifier]
    private var link: ClientLink?
    /// Which of the patterns is next; first all are liked, then all are unliked.
    private var step = 0
    private var sentAt: Duration = .zero
    private var random: SplitMix64

    init(
        _ board: Board, number: Int, token: String, patterns: [Identifier], to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.board = board
        self.token = token
        // Not all at one pattern at a time.
        let turn = number % patterns.count
        self.patterns = Array(patterns[turn...] + patterns[..<turn])
        random = SplitMix64(seed: UInt64(number))
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
        board.likers.append(self)
    }

    private func act(now: Duration) {
        let isLiking = step / patterns.count % 2 == 0
        let id = Identifier(timeMs: 1, random: (random.next(), random.next()))
        sentAt = now
        send(
            isLiking ? .patternLike : .patternUnlike,
            [
                "pattern": .string(patterns[step % patterns.count].description),
                "opId": .string(id.description),
            ], id: 2)
        step += 1
    }

    private func send(_ method: Method, _ params: JSON.Object, id: Int64) {
        let request = Request(id: .integer(id), method: method, params: params)
        if link?.send(request.bytes) != true { fail("the socket takes no more") }
    }

    private func fail(_ why: String) { board.failure = board.failure ?? why }

    // MARK: - LinkDelegate

    func linkOpened(now: Duration) { send(.sessionOpen, ["token": .string(token)], id: 1) }

    func linkReceived(_ text: [UInt8], now: Duration) {
        for message in ServerMessage.read(text) ?? [] {
            switch message {
            case .result(.integer(1), _): board.ready += 1
            case .result(.integer(2), _):
                board.acknowledgement.record(now - sentAt)
                board.acknowledged += 1
                if board.isRunning { act(now: now) }
            case .failure(_, let error): fail(error.message)
            case .notification(NotificationName.bye, let params):
                fail("bye: \(params["reason"]?.string ?? "")")
            case .result, .notification: break
            }
        }
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) {
        if board.isRunning { fail("\(ending)") }
    }
}
