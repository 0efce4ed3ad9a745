import Logging
import Model
import Social
import Storage
import Synchronization
import Transport

/// Hands letters over, one at a time, away from the event loops. `Protocol/mail.md#on-its-way`.
actor Mailer {
    static let lettersPerRunMax = 32

    private nonisolated let executor = SerialQueueExecutor(label: "mail")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    private enum State {
        case idle
        /// Letters are read, handed over, or waited for to be deleted.
        case running
    }

    private let database: any Database
    private let journal: Journal
    private let sink: any MailSink
    private let from: String
    private let pauseMs: @Sendable (Int64) -> Int64
    private let log: Logger
    private var state = State.idle
    /// How often in a row the sink could not be used.
    private var failures: Int64 = 0
    /// Nothing is sent before this time.
    private var pausedUntil: Duration = .zero
    private nonisolated let isStopping = Atomic(false)
    /// Only the latest alarm rings.
    private var alarm = 0

    /// - Parameter pauseMs: after so many failures of the sink in a row.
    init(
        database: any Database, journal: Journal, sink: any MailSink, from: String, log: Logger,
        pauseMs: @escaping @Sendable (Int64) -> Int64 = { MailRetry.pauseMs(afterFailures: $0) }
    ) {
        self.database = database
        self.journal = journal
        self.sink = sink
        self.from = from
        self.pauseMs = pauseMs
        self.log = log
    }

    /// From any thread: a letter was queued, and is on the disk.
    nonisolated func wake() {
        executor.execute { self.assumeIsolated { $0.run() } }
    }

    /// From any thread: begins nothing more. What is under way is not waited for; if its end is not
    /// noted any more, it goes out again after the next start.
    nonisolated func stop() {
        isStopping.store(true, ordering: .relaxed)
    }

    // MARK: - On the mailer's queue

    private func run() {
        // A run looks again when it is through.
        guard case .idle = state else { return }
        let now = EventLoop.now
        guard now >= pausedUntil else {
            setAlarm(after: pausedUntil - now)
            return
        }
        let nowMs = EventLoop.wallClockMs
        do {
            let (letters, nextMs) = try database.read { connection in
                (
                    try MailStore(connection).due(nowMs: nowMs, limit: Self.lettersPerRunMax),
                    try MailStore(connection).nextAttemptMs()
                )
            }
            if letters.isEmpty {
                if let nextMs { setAlarm(after: .milliseconds(max(1, nextMs - nowMs))) }
            } else {
                state = .running
                send(letters[...])
            }
        } catch {
            log.error("letters cannot be read: \(error)")
            pause("the database failed")
        }
    }

    /// Hands over the first; the others follow when the disk knows what became of it.
    private func send(_ letters: ArraySlice<MailRecord>) {
        if isStopping.load(ordering: .relaxed) { return }
        guard let letter = letters.first else {
            state = .idle
            run()
            return
        }
        let nowMs = EventLoop.wallClockMs
        let fate: Fate
        do throws(MailFailure) {
            if letter.isTooOld(nowMs: nowMs) {
                log.error("a letter was given up", metadata: letter.metadata("too old"))
                fate = .delete
            } else {
                try deliver(letter)
                failures = 0
                log.notice("a letter was handed over", metadata: letter.metadata(sink.place))
                fate = .delete
            }
        } catch {
            switch error {
            case .unavailable(let reason):
                state = .idle
                pause(reason)
                return
            case .refused(let reason, let isPermanent):
                failures = 0
                fate = judge(letter, reason, isPermanent: isPermanent, nowMs: nowMs)
            }
        }
        write(fate, of: letter.id, then: letters.dropFirst())
    }

    private enum Fate: Sendable {
        case delete
        case postpone(attempts: Int64, nextAttemptMs: Int64)
    }

    private func deliver(_ letter: MailRecord) throws(MailFailure) {
        guard MailAddress.isSafe(letter.recipient) else {
            throw .refused("no address that letters go to", isPermanent: true)
        }
        try sink.deliver(
            MailMessage(
                from: from, to: letter.recipient, subject: letter.subject, body: letter.body,
                id: letter.id.description, dateMs: letter.createdMs,
                unsubscribeURL: letter.unsubscribeURL))
    }

    private func judge(
        _ letter: MailRecord, _ reason: String, isPermanent: Bool, nowMs: Int64
    ) -> Fate {
        let refusals = letter.attempts + 1
        if MailRetry.givesUp(afterRefusals: refusals, isPermanent: isPermanent) {
            log.error("a letter was given up", metadata: letter.metadata(reason))
            return .delete
        }
        log.warning("a letter was refused", metadata: letter.metadata(reason))
        return .postpone(
            attempts: refusals,
            nextAttemptMs: nowMs + MailRetry.delayMs(afterRefusals: refusals))
    }

    private func write(_ fate: Fate, of letter: Identifier, then rest: ArraySlice<MailRecord>) {
        journal.perform(
            { connection in
                switch fate {
                case .delete: try MailStore(connection).delete(letter)
                case .postpone(let attempts, let nextAttemptMs):
                    try MailStore(connection).postpone(
                        letter, attempts: attempts, nextAttemptMs: nextAttemptMs)
                }
            },
            completion: { [self] result in
                executor.execute { self.assumeIsolated { $0.wrote(result, rest) } }
            })
    }

    private func wrote(_ result: Result<Void, OperationFailure>, _ rest: ArraySlice<MailRecord>) {
        switch result {
        case .success: send(rest)
        case .failure(let failure):
            // It goes out again: better twice than never.
            state = .idle
            pause("the disk did not take what became of a letter: \(failure)")
        }
    }

    private func pause(_ reason: String) {
        failures += 1
        let delayMs = pauseMs(failures)
        log.warning(
            "letters wait", metadata: ["reason": "\(reason)", "nextTryMs": "\(delayMs)"])
        pausedUntil = EventLoop.now + .milliseconds(delayMs)
        setAlarm(after: .milliseconds(delayMs))
    }

    /// The wall clock may be set, so letters are also looked for in between.
    private static let lookDelayMax: Duration = .seconds(60)

    private func setAlarm(after delay: Duration) {
        alarm += 1
        let mine = alarm
        executor.execute(after: min(delay, Self.lookDelayMax)) { [weak self] in
            self?.assumeIsolated { if $0.alarm == mine { $0.run() } }
        }
    }
}

extension MailRecord {
    fileprivate func isTooOld(nowMs: Int64) -> Bool {
        nowMs - createdMs > Int64(Limits.mailHoursMax) * 3_600_000
    }

    /// Not the text: it may hold a secret.
    fileprivate func metadata(_ what: String) -> Logger.Metadata {
        ["letter": "\(id)", "to": "\(recipient)", "subject": "\(subject)", "what": "\(what)"]
    }
}
