import Logging
import Model
import Storage
import Synchronization
import Transport

/// What inboxes and feeds need while nobody acts: letters of what was missed, and that old
/// activities go. `Protocol/notifications.md#digest`, `Protocol/notifications.md#feed`.
actor StreamKeeper {
    private nonisolated let executor = SerialQueueExecutor(label: "streams")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    private let journal: Journal
    private let mailer: Mailer
    private let digests: Digests
    private let log: Logger
    private let clockMs: @Sendable () -> Int64
    private nonisolated let isStopping = Atomic(false)

    /// - Parameter clockMs: the wall clock; called on the keeper's queue.
    init(
        journal: Journal, mailer: Mailer, digests: Digests, log: Logger,
        clockMs: @escaping @Sendable () -> Int64 = { EventLoop.wallClockMs }
    ) {
        self.journal = journal
        self.mailer = mailer
        self.digests = digests
        self.log = log
        self.clockMs = clockMs
    }

    /// From any thread: looks now, and from then on once in `digestLookSeconds`.
    nonisolated func start() {
        executor.execute { self.assumeIsolated { $0.look() } }
    }

    /// From any thread: begins nothing more.
    nonisolated func stop() {
        isStopping.store(true, ordering: .relaxed)
    }

    private struct Looked: Sendable {
        let isQueued: Bool
        let isMore: Bool
    }

    private func look() {
        if isStopping.load(ordering: .relaxed) { return }
        let (digests, nowMs) = (digests, clockMs())
        journal.perform(
            { connection in
                let (isQueued, isMore) = try digests.run(connection, nowMs: nowMs)
                let cleaned = try ActivityStore(connection).clean(
                    beforeMs: nowMs - Int64(Limits.activityDays) * 86_400_000,
                    limit: Limits.activitiesPerCleaningMax)
                return Looked(
                    isQueued: isQueued,
                    isMore: isMore || cleaned == Limits.activitiesPerCleaningMax)
            },
            completion: { [self] result in
                executor.execute { self.assumeIsolated { $0.looked(result) } }
            })
    }

    private func looked(_ result: Result<Looked, OperationFailure>) {
        var pause = Duration.seconds(Limits.digestLookSeconds)
        switch result {
        case .success(let looked):
            if looked.isQueued { mailer.wake() }
            // Others' writes come in between.
            if looked.isMore { pause = .milliseconds(Limits.keeperPauseMs) }
        case .failure(let failure):
            log.warning("letters of what was missed wait, and old activities stay: \(failure)")
        }
        executor.execute(after: pause) { [weak self] in
            self?.assumeIsolated { $0.look() }
        }
    }
}
