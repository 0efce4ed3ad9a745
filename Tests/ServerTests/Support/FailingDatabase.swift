import Storage
import Synchronization
import Transport

/// A real database whose disk fails on demand.
final class FailingDatabase: Database {
    private struct State {
        var failure: DatabaseError?
        var writes = 0
        var attemptsWhileFailing: [Duration] = []
        var reopens = 0
    }

    private let real: any Database
    private let state = Mutex(State())

    init(_ real: any Database) { self.real = real }

    /// What every use of the writer answers, until nil.
    func fail(_ failure: DatabaseError?) { state.withLock { $0.failure = failure } }

    /// Transactions that were begun.
    var writes: Int { state.withLock { $0.writes } }
    var reopens: Int { state.withLock { $0.reopens } }
    /// When the failing disk was tried.
    var attemptsWhileFailing: [Duration] { state.withLock { $0.attemptsWhileFailing } }

    private func check() throws(DatabaseError) {
        let failure = state.withLock { state in
            if state.failure != nil { state.attemptsWhileFailing.append(EventLoop.now) }
            return state.failure
        }
        if let failure { throw failure }
    }

    func read<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        try real.read(body)
    }

    func write<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        try check()
        state.withLock { $0.writes += 1 }
        return try real.write(body)
    }

    func reopen() throws(DatabaseError) {
        try check()
        state.withLock { $0.reopens += 1 }
        try real.reopen()
    }

    func checkpoint(emptying: Bool) throws(DatabaseError) {
        try check()
        try real.checkpoint(emptying: emptying)
    }

    func close() throws(DatabaseError) { try real.close() }
}
