import Client
import Model
import Transport

/// An author and those who follow them, on one loop, seen from outside.
struct FollowerCrowd: Sendable {
    private let loop: ClientLoop
    private let token: LoopDriver.Token

    init(_ town: FollowerTown, rate: Double, url: String) async throws {
        let loop = try ClientLoop(label: "salsanor-load")
        let endpoint = try Endpoint(url: url)
        self.loop = loop
        token = await loop.perform { driver in
            let board = Follower.Board()
            let now = EventLoop.now
            for (number, token) in town.followers.enumerated() {
                _ = Follower(
                    board, number: number, token: token, to: endpoint, on: driver, loop: loop,
                    now: now)
            }
            let author = Author(
                board, token: town.author, patterns: town.patterns, rate: rate, to: endpoint,
                on: driver, loop: loop, now: now)
            return driver.add(Keeper(board, author))
        }
    }

    func look<Value: Sendable>(
        _ body: @escaping @Sendable (Follower.Board, Author) -> Value
    ) async throws -> Value {
        let token = token
        let value = await loop.perform { driver in
            (driver.member(token) as? Keeper).map { body($0.board, $0.author) }
        }
        guard let value else { throw Harness.Failure(description: "the run is over") }
        return value
    }

    /// - Returns: whether everybody's stream is open within `bound`.
    func areLive(_ count: Int, bound: Duration) async throws -> Bool {
        try await Watch.until(bound: bound) {
            try await look { board, _ in board.live == count ? true : nil }
        } ?? false
    }

    /// - Returns: how many lack something after `bound`.
    func lacking(acts: Int, bound: Duration) async throws -> Int {
        let all = try await Watch.until(bound: bound) {
            try await look { board, author in
                author.acknowledged == acts && board.lacking(acts) == 0 ? true : nil
            }
        }
        return all == true ? 0 : try await look { board, _ in board.lacking(acts) }
    }

    func close() async throws {
        try await look { board, author in
            author.close()
            board.close()
        }
    }

    private final class Keeper: LoopMember {
        let board: Follower.Board
        let author: Author

        init(_ board: Follower.Board, _ author: Author) {
            self.board = board
            self.author = author
        }

        func deadlineReached(now: Duration) {}
    }
}
