import Client
import Transport
import Wire

/// Somebody who follows an author, and has their feed open.
final class Follower: StreamDevice {
    /// What all of them count, on their loop.
    final class Board {
        var times = ActTimes()
        fileprivate(set) var delivered = 0
        fileprivate(set) var followers: [Follower] = []

        var books: [StreamBook] { followers.map(\.book) }
        var failure: String? { followers.lazy.compactMap(\.failure).first }
        var eventBytes: Int { followers.first?.eventBytes ?? 0 }

        /// Whose stream was opened so often, and is open now.
        func live(openings: Int) -> Int {
            followers.count { $0.isLive && $0.book.openings >= openings }
        }

        func lacking(_ acts: Int) -> Int { followers.count { $0.book.applied < acts } }

        func dropAll() { for follower in followers { follower.drop() } }

        func close() { for follower in followers { follower.close() } }
    }

    private let board: Board
    /// Of the last event.
    private var eventBytes = 0

    init(
        _ board: Board, number: Int, token: String, to endpoint: Endpoint, on driver: LoopDriver,
        loop: ClientLoop, now: Duration
    ) {
        self.board = board
        super.init(
            .feed, token: token, number: number, to: endpoint, on: driver, loop: loop, now: now)
        board.followers.append(self)
    }

    override func linkReceived(_ text: [UInt8], now: Duration) {
        eventBytes = text.count
        super.linkReceived(text, now: now)
    }

    override func apply(_ event: Event, now: Duration) {
        board.delivered += 1
        board.times.arrived(book.applied - 1, now: now)
    }
}
