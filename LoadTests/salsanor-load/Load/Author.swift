import Client
import Model
import Transport
import Wire

/// Likes patterns at a pace, and notes when each like is acknowledged.
final class Author: LinkDelegate, LoopMember {
    private let board: Follower.Board
    private let token: String
    private let patterns: [Identifier]
    private let pace: Duration
    private unowned let driver: LoopDriver
    private var link: ClientLink?
    private var timer: LoopDriver.Token = 0
    private(set) var acts = 0
    private(set) var acknowledged = 0
    private var wanted = 0
    private var random = SplitMix64(seed: 1)

    /// - Parameter patterns: each is liked once at most.
    init(
        _ board: Follower.Board, token: String, patterns: [Identifier], rate: Double,
        to endpoint: Endpoint, on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.board = board
        self.token = token
        self.patterns = patterns
        self.driver = driver
        pace = .microseconds(Int(1e6 / rate))
        timer = driver.add(self)
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    /// Acts so many times more.
    func act(times: Int, now: Duration) {
        wanted = min(patterns.count, wanted + times)
        driver.setDeadline(now, of: timer)
    }

    func close() { link?.close() }

    func deadlineReached(now: Duration) {
        guard acts < wanted else { return }
        board.begins(now: now)
        let id = Identifier(timeMs: 1, random: (random.next(), random.next()))
        send(
            .patternLike,
            [
                "pattern": .string(patterns[acts].description), "opId": .string(id.description),
            ], id: Int64(acts) + 2)
        acts += 1
        if acts < wanted { driver.setDeadline(now + pace, of: timer) }
    }

    private func send(_ method: Method, _ params: JSON.Object, id: Int64) {
        let request = Request(id: .integer(id), method: method, params: params)
        if link?.send(request.bytes) != true { board.failure = "the author's socket is gone" }
    }

    func linkOpened(now: Duration) { send(.sessionOpen, ["token": .string(token)], id: 1) }

    func linkReceived(_ text: [UInt8], now: Duration) {
        for message in ServerMessage.read(text) ?? [] {
            switch message {
            case .result(.integer(let id), _) where id >= 2:
                acknowledged += 1
                board.acted(Int(id) - 2, now: now)
            case .failure(_, let error): board.failure = error.message
            default: break
            }
        }
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) {}
}
