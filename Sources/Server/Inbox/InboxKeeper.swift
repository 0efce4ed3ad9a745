import Logging
import Model
import Storage
import Synchronization
import Transport

/// What inboxes need while nobody acts: letters of what was missed.
/// `Protocol/notifications.md#digest`.
actor InboxKeeper {
    private nonisolated let executor = SerialQueueExecutor(label: "inbox")
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

    private func look() {
        if isStopping.load(ordering: .relaxed) { return }
        let (digests, nowMs) = (digests, clockMs())
        journal.perform(
            { try digests.run($0, nowMs: nowMs) },
            completion: { [self] result in
                executor.execute { self.assumeIsolated { $0.looked(result) } }
            })
    }

    private func looked(_ result: Result<(isQueued: Bool, isMore: Bool), OperationFailure>) {
        switch result {
        case .success(let (isQueued, isMore)):
            if isQueued { mailer.wake() }
            if isMore { return look() }
        case .failure(let failure):
            log.warning("letters of what was missed wait: \(failure)")
        }
        executor.execute(after: .seconds(Limits.digestLookSeconds)) { [weak self] in
            self?.assumeIsolated { $0.look() }
        }
    }
}
