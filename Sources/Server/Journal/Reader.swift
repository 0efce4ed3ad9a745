import Storage
import Synchronization
import Transport

/// Reads the database away from the event loops: a few threads, a bounded queue.
struct Reader: Sendable {
    static let threads = 2
    static let waitingMax = 10_000

    private let database: any Database
    private let pool: WorkerPool

    init(database: any Database) {
        self.database = database
        pool = WorkerPool(
            label: "reader", width: Self.threads, waitingMax: Self.waitingMax)
    }

    /// - Parameter completion: called on a reader's thread, with what `body` gave or threw.
    /// - Returns: false when too many wait; `completion` is not called then.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) -> Bool {
        let database = database
        return pool.submit {
            completion(Result { try database.read { try body($0) } })
        }
    }
}
