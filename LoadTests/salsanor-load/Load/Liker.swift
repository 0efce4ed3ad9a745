import Client
import Model
import Transport
import Wire

/// Somebody who likes and unlikes patterns, one call after the other: the next leaves when the
/// answer to the last has come, which is when it is on the disk. A call that was not answered when
/// the socket went is made again, as the same operation.
final class Liker: ResumingSocket {
    /// What all of them count, on their loop.
    final class Board {
        var acknowledgement = Latency()
        var acknowledged = 0
        var isRunning = false
        /// Between an answer and the next call.
        let pause: Duration
        /// Whether the server may go away.
        let mayBeLost: Bool
        fileprivate(set) var likers: [Liker] = []

        init(pause: Duration = .zero, mayBeLost: Bool = false) {
            self.pause = pause
            self.mayBeLost = mayBeLost
        }

        var ready: Int { likers.count(where: \.isOpen) }
        var failure: String? { likers.lazy.compactMap(\.failure).first }
        /// Whose last call is answered.
        var idle: Int { likers.count { $0.operation == nil } }

        /// Acknowledged steps of each.
        var steps: [Int] { likers.map(\.done) }

        /// Everybody begins, now.
        func start(now: Duration) {
            acknowledgement = Latency()
            acknowledged = 0
            isRunning = true
            for liker in likers { liker.begin(now: now) }
        }

        func close() {
            isRunning = false
            for liker in likers { liker.close() }
        }
    }

    private let board: Board
    private let walk: LikerWalk
    /// Acknowledged steps of the walk.
    private(set) var done = 0
    /// The call that is not answered.
    private var operation: Identifier?
    private var sentAt: Duration = .zero

    init(
        _ board: Board, number: Int, token: String, patterns: [Identifier], to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.board = board
        walk = LikerWalk(patterns, number: number)
        super.init(
            token: token, number: number, to: endpoint, on: driver, loop: loop, now: now)
        board.likers.append(self)
    }

    /// With a pause, not all at once.
    private func begin(now: Duration) {
        guard board.pause > .zero else { return act(now: now) }
        wake(at: now + board.pause * Double.random(in: 0...1, using: &random))
    }

    private func act(now: Duration) {
        operation = freshOperation()
        sentAt = now
        sendStep()
    }

    private func sendStep() {
        guard let operation else { return }
        let (pattern, isLike) = walk.step(done)
        write(
            isLike ? .patternLike : .patternUnlike, ["pattern": .string(pattern.description)],
            id: 2, operation: operation)
    }

    override func sessionOpened(now: Duration) {
        if operation != nil { sendStep() } else if board.isRunning { begin(now: now) }
    }

    override func answered(_ id: Int64, _ result: JSON, now: Duration) {
        operation = nil
        done += 1
        board.acknowledgement.record(now - sentAt)
        board.acknowledged += 1
        guard board.isRunning else { return }
        if board.pause > .zero { wake(at: now + board.pause) } else { act(now: now) }
    }

    override func woken(now: Duration) {
        if isOpen, board.isRunning, operation == nil { act(now: now) }
    }

    override func lost(now: Duration) {
        guard board.isRunning, !board.mayBeLost else { return }
        fail("the socket was lost: \(refusal ?? "no reason given")")
    }
}
