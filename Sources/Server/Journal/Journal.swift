import Logging
import Model
import Storage
import Synchronization
import Transport

/// The only writer. Commits what has gathered in one transaction, while the next batch gathers, so
/// a batch grows with the load. `Protocol/decisions.md#group-commit`.
actor Journal {
    /// Operations that may wait; rooms bound themselves, with one commit each on its way.
    static let operationsMax = 4_096

    private nonisolated let executor: SerialQueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    private let writer: JournalWriter
    private let health: Health
    private let addedSyncDelay: Duration
    private let log: Logger
    private nonisolated let inbox = JournalInbox(operationsMax: Journal.operationsMax)
    /// Told on the journal's queue; set once, before the first entry.
    private var report: @Sendable (Report) -> Void = { _ in }
    private var probeDelay = Journal.probeDelayMin
    private var beganAt: Duration = .zero

    private static let probeDelayMin: Duration = .milliseconds(50)
    private static let probeDelayMax: Duration = .seconds(5)

    /// What the shards hear; outcomes in the order of the commits.
    enum Report: Sendable {
        case outcomes([(room: Identifier, outcome: RoomCommitOutcome)], shard: Int)
        case readOnly(Bool)
    }

    init(writer: sending JournalWriter, health: Health, addedSyncDelay: Duration, log: Logger) {
        executor = SerialQueueExecutor(label: "journal")
        self.writer = writer
        self.health = health
        self.addedSyncDelay = addedSyncDelay
        self.log = log
    }

    func start(report: @escaping @Sendable (Report) -> Void) {
        self.report = report
    }

    // MARK: - From any thread

    nonisolated func submit(_ entries: [JournalEntry]) {
        let (refused, mustSchedule) = inbox.add(entries)
        for case .operation(_, let completion) in refused {
            completion(.failure(health.isReadOnly ? .unavailable : .busy))
        }
        if mustSchedule { executor.execute { self.assumeIsolated { $0.drain() } } }
    }

    /// Runs `work` in the next transaction, under a savepoint; once that is on the disk, or it is
    /// clear that it will not be, tells `completion`.
    nonisolated func perform<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, OperationFailure>) -> Void
    ) {
        let made = Slot<Value>()
        submit([
            .operation(
                { connection in
                    let value = try work(connection)
                    made.value.withLock { $0 = value }
                },
                completion: { result in
                    switch result {
                    case .success:
                        if let value = made.value.withLock({ $0 }) { completion(.success(value)) }
                    case .failure(let failure): completion(.failure(failure))
                    }
                })
        ])
    }

    // MARK: - On the journal's queue

    /// Writes what waits, and then nothing more: nobody is told of what comes later, and the disk
    /// is not tried again. Call it before the database is closed.
    func stop() {
        inbox.stop()
        while true {
            let batch = inbox.takeBatch()
            if batch.isEmpty { break }
            write(batch)
        }
        report = { _ in }
    }

    /// Commits until nothing waits. The first commit after a quiet spell begins at once; under load
    /// they keep an interval, in which the next batch gathers.
    private func drain() {
        while true {
            let wait = beganAt + .milliseconds(Limits.commitIntervalMs) - EventLoop.now
            if wait > .zero {
                executor.execute(after: wait) { self.assumeIsolated { $0.drain() } }
                return
            }
            let batch = inbox.takeBatch()
            if batch.isEmpty { return }
            write(batch)
        }
    }

    private func write(_ batch: [JournalEntry]) {
        // Rooms that had not heard of the failure yet: only the probe tries the disk now.
        if inbox.isFailing {
            tellFailed(batch)
        } else {
            beganAt = EventLoop.now
            commit(batch)
        }
    }

    private func commit(_ batch: [JournalEntry]) {
        let items = batch.map { entry in
            switch entry {
            case .room(let commit, _, _): JournalItem.room(commit)
            case .operation(let work, _): JournalItem.operation(work)
            }
        }
        do throws(JournalFailure) {
            let outcomes = try writer.commit(items)
            if addedSyncDelay > .zero { SlowDisk.wait(addedSyncDelay) }
            tell(batch, outcomes)
        } catch {
            fail(batch, error)
        }
    }

    private func tell(_ batch: [JournalEntry], _ outcomes: [ItemOutcome]) {
        var rooms: [Int: [(room: Identifier, outcome: RoomCommitOutcome)]] = [:]
        for (entry, outcome) in zip(batch, outcomes) {
            switch (entry, outcome) {
            case (.room(let commit, _, let shard), .committed):
                rooms[shard, default: []].append((commit.pattern, .committed))
            case (.room(let commit, _, let shard), .refused(let refusal)):
                log.error("a room's commit was refused: \(refusal)", room: commit.pattern)
                rooms[shard, default: []].append((commit.pattern, .mustReload))
            case (.operation(_, let completion), .committed): completion(.success(()))
            case (.operation(_, let completion), .refused(let refusal)):
                completion(.failure(.refused(refusal.error)))
            }
        }
        for (shard, outcomes) in rooms { report(.outcomes(outcomes, shard: shard)) }
    }

    /// Nothing of the batch was written, as far as we know, and nobody was told of it.
    private func fail(_ batch: [JournalEntry], _ failure: JournalFailure) {
        log.error("the disk does not take writes: \(failure)")
        health.setReadOnly("\(failure)")
        report(.readOnly(true))
        let rest = inbox.fail()
        // After an I/O error the disk may hold what it said it refused.
        let mustReload = failure != .diskFull && failure != .busy
        tellFailed(batch, mustReload ? .mustReload : .failed)
        tellFailed(rest)
        probeDelay = Self.probeDelayMin
        scheduleProbe()
    }

    private func tellFailed(_ batch: [JournalEntry], _ outcome: RoomCommitOutcome = .failed) {
        var rooms: [Int: [(room: Identifier, outcome: RoomCommitOutcome)]] = [:]
        for entry in batch {
            switch entry {
            case .room(let commit, _, let shard):
                rooms[shard, default: []].append((commit.pattern, outcome))
            case .operation(_, let completion): completion(.failure(.unavailable))
            }
        }
        for (shard, outcomes) in rooms { report(.outcomes(outcomes, shard: shard)) }
    }

    private func scheduleProbe() {
        executor.execute(after: probeDelay) { self.assumeIsolated { $0.probe() } }
    }

    private func probe() {
        if inbox.isStopped { return }
        do throws(JournalFailure) {
            try writer.probe()
            log.notice("the disk takes writes again")
            inbox.recover()
            health.setReadOnly(nil)
            report(.readOnly(false))
        } catch {
            probeDelay = min(probeDelay * 2, Self.probeDelayMax)
            health.setReadOnly("\(error)")
            scheduleProbe()
        }
    }
}

/// What an operation made, from its transaction to its completion; both run on the journal's queue,
/// one after the other, so the lock is never contended.
private final class Slot<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}

extension ItemRefusal {
    fileprivate var error: any Error {
        switch self {
        case .conflict(let conflict): conflict
        case .database(let error): error
        case .operation(let error): error
        }
    }
}

extension Logger {
    func error(_ message: Logger.Message, room: Identifier) {
        error(message, metadata: ["room": "\(room)"])
    }
}
