import Client
import Transport

/// Something that lives on a loop, from outside.
struct Side<Board: AnyObject>: Sendable {
    private let loop: ClientLoop
    private let token: LoopDriver.Token

    init(on loop: ClientLoop, _ make: @escaping @Sendable (LoopDriver) -> Board) async {
        self.loop = loop
        token = await loop.perform { $0.add(Keeper(make($0))) }
    }

    func post(_ body: @escaping @Sendable (Board) -> Void) {
        let token = token
        loop.post { driver in
            if let keeper = driver.member(token) as? Keeper { body(keeper.board) }
        }
    }

    func look<Value: Sendable>(
        _ body: @escaping @Sendable (Board) -> Value
    ) async throws -> Value {
        let token = token
        let value = await loop.perform { driver in
            (driver.member(token) as? Keeper).map { body($0.board) }
        }
        guard let value else { throw Harness.Failure(description: "the run is over") }
        return value
    }

    /// Keeps it alive on its loop.
    private final class Keeper: LoopMember {
        let board: Board

        init(_ board: Board) { self.board = board }

        func deadlineReached(now: Duration) {}
    }
}
