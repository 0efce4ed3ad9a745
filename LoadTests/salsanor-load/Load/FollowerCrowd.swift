import Client
import Model
import Transport

/// An author and those who follow them, each side on a loop of its own, seen from outside.
struct FollowerCrowd: Sendable {
    private let followers: Side<Follower.Board>
    private let author: Side<Author>

    init(_ town: FollowerTown, rate: Double, url: String) async throws {
        let endpoint = try Endpoint(url: url)
        let loop = try ClientLoop(label: "salsanor-load")
        let followers = await Side(on: loop) { driver in
            let board = Follower.Board()
            for (number, token) in town.followers.enumerated() {
                _ = Follower(
                    board, number: number, token: token, to: endpoint, on: driver, loop: loop,
                    now: EventLoop.now)
            }
            return board
        }
        let authorLoop = try ClientLoop(label: "salsanor-load-author")
        self.followers = followers
        author = await Side(on: authorLoop) { driver in
            Author(
                token: town.author, patterns: town.patterns, rate: rate, to: endpoint, on: driver,
                loop: authorLoop, now: EventLoop.now
            ) { act, begun, answered in
                followers.post { $0.times.acted(act, begun: begun, answered: answered) }
            }
        }
    }

    func look<Value: Sendable>(
        _ body: @escaping @Sendable (Follower.Board) -> Value
    ) async throws -> Value {
        try await followers.look(body)
    }

    func act(times: Int) async throws {
        try await author.look { $0.act(times: times, now: EventLoop.now) }
    }

    var failure: String? {
        get async throws {
            let failure = try await author.look(\.failure)
            if let failure { return failure }
            return try await followers.look(\.failure)
        }
    }

    /// - Returns: whether so many streams, each opened so often, are open within `bound`.
    func areLive(_ count: Int, openings: Int = 1, bound: Duration) async throws -> Bool {
        try await Watch.until(bound: bound) {
            try await look { $0.live(openings: openings) == count ? true : nil }
        } ?? false
    }

    /// Until all acts are acknowledged and everybody has them, or the bound is over.
    func settle(acts: Int, bound: Duration) async throws {
        _ = try await Watch.until(bound: bound) { () -> Bool? in
            guard try await author.look({ $0.acknowledged == acts }) else { return nil }
            return try await look { $0.lacking(acts) == 0 ? true : nil }
        }
    }

    func close() async throws {
        try await author.look { $0.close() }
        try await look { $0.close() }
    }
}
