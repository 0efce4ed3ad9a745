import Dispatch
import Synchronization

/// The state of an `EventLoop`, isolated by an actor on the loop's queue so that the compiler
/// proves what the queue promises.
actor LoopCore {
    /// Rounds of one turn before dispatch gets its queue back.
    static let roundsPerTurnMax = 256
    /// A turn that begins this soon after the last one is under load, and lingers.
    static let busyGap: Duration = .milliseconds(2)
    /// How long a turn under load waits in the kernel for more before it returns to dispatch.
    /// libdispatch's way through its own epoll and thread pool costs several system calls per
    /// wake; waiting here costs one. Nobody waits longer for it: posted work rings the doorbell.
    /// Measured with 100 echo connections at 5,000 messages per second: a quarter to a half of
    /// the processor time, and a median of 25 instead of 32 to 60 microseconds.
    static let lingerMs: Int32 = 1
    /// Sockets in their lingering close; past it, a socket closes at once.
    static let lingeringMax = 4096

    /// Bits only: it is copied for each message, and a reference in it would be counted each time.
    private struct Watch {
        let token: UInt64
        /// What the owner wants to hear.
        var read: Bool
        var write: Bool
        /// What the kernel was asked for, where a TLS session makes a difference.
        var kernelWrite: Bool
        var isLingering = false
    }

    private enum Phase { case idle, running, stopped }

    private let executor: SerialQueueExecutor
    private var poll: EpollSet
    private let mailbox: Mailbox
    private var phase = Phase.idle
    private var source: (any DispatchSourceRead)?
    private var handler: (@Sendable ([Readiness]) -> Void)?
    /// By descriptor; bounded by the process's limit of descriptors.
    private var watches: [Watch?] = []
    /// Of those watches that have one.
    private var sessions: [Int32: TLSSession] = [:]
    /// In their lingering close: their owner is this loop.
    private var lingering: [Int32: Socket] = [:]
    /// The ends of read pauses and lingering closes, by descriptor.
    private var deadlines = DeadlineHeap<Int32>()
    /// The handler's next deadline; `noWake` when it has none. Written on the loop only; it is
    /// atomic so that asking again for what is asked for already costs a load, and no closure.
    private nonisolated let requestedWake = Atomic<Int64>(LoopCore.noWake)
    private static let noWake = Int64.max
    private var armedWake: Duration?
    private var lastTurnEnd: Duration = .zero
    private var batch: [Readiness] = []
    private var posts: [Mailbox.Post] = []
    private var closings: [@Sendable () -> Void] = []
    private let attention = LoopAttention()
    private var attended: [Int32] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    init(executor: SerialQueueExecutor, poll: EpollSet, mailbox: Mailbox) {
        self.executor = executor
        self.poll = poll
        self.mailbox = mailbox
    }

    // MARK: Life

    func start(_ handler: @escaping @Sendable ([Readiness]) -> Void) {
        guard phase == .idle else { return }
        phase = .running
        self.handler = handler
        let source = DispatchSource.makeReadSource(
            fileDescriptor: poll.descriptor, queue: executor.queue)
        // Dispatch's parameters are not @Sendable, so a closure could carry this actor's isolation
        // to any queue unseen. These two carry none and ask for it.
        let fire: @Sendable () -> Void = { [self] in
            assumeIsolated(with: ()) { core, _ in core.turn() }
        }
        let cancelled: @Sendable () -> Void = { [self] in assumeIsolated { $0.release() } }
        source.setEventHandler(handler: fire)
        source.setCancelHandler(handler: cancelled)
        self.source = source
        source.activate()
    }

    func stop(_ completion: @escaping @Sendable () -> Void) {
        let before = phase
        phase = .stopped
        switch before {
        case .idle:
            closings.append(completion)
            release()
        case .running:
            closings.append(completion)
            source?.cancel()
        case .stopped where source != nil:
            closings.append(completion)
        case .stopped:
            completion()
        }
    }

    /// Closes the descriptors once dispatch no longer watches them.
    private func release() {
        for socket in lingering.values { socket.close() }
        lingering = [:]
        sessions = [:]
        watches = []
        poll.close()
        source = nil
        handler = nil
        let completions = closings
        closings = []
        for completion in completions { completion() }
    }

    // MARK: Turns

    func turn() {
        mailbox.attend()
        if phase == .running {
            let busy = EventLoop.now - lastTurnEnd < Self.busyGap
            var rounds = 0
            while phase == .running, rounds < Self.roundsPerTurnMax,
                round(mayLinger: busy && rounds > 0)
            {
                rounds += 1
            }
            lastTurnEnd = EventLoop.now
        } else {
            _ = runPosts()
        }
        let isOwed = phase == .running && !attention.isEmpty
        if !mailbox.leave() || isOwed {
            executor.queue.async { [self] in assumeIsolated { $0.turn() } }
        }
    }

    /// Posted work, then what is ready, then the handler; false when there was nothing to do.
    private func round(mayLinger: Bool) -> Bool {
        let posted = runPosts()
        guard phase == .running else { return false }
        let lingers = mayLinger && !posted && attention.isEmpty && mailbox.sleep()
        let count = poll.wait(timeoutMs: lingers ? Self.lingerMs : 0)
        if lingers { mailbox.awake() }

        var ready: [Readiness] = []
        swap(&ready, &batch)
        ready.removeAll(keepingCapacity: true)
        var rang = false
        var due = false
        for index in 0..<count {
            let event = poll.event(index)
            switch event.fd {
            case poll.timer:
                poll.silence(event.fd)
                due = reachDeadlines(now: EventLoop.now)
            case poll.doorbell:
                poll.silence(event.fd)
                rang = true
            default:
                if let readiness = readiness(of: event) { ready.append(readiness) }
            }
        }
        attend(&ready)
        let calls = posted || due || !ready.isEmpty
        if calls { handler?(ready) }
        swap(&ready, &batch)
        return calls || rang || count > 0
    }

    private func runPosts() -> Bool {
        mailbox.take(into: &posts)
        guard !posts.isEmpty else { return false }
        var running: [Mailbox.Post] = []
        swap(&running, &posts)
        for post in running { post() }
        running.removeAll(keepingCapacity: true)
        swap(&running, &posts)
        return true
    }

    private func readiness(of event: EpollSet.Event) -> Readiness? {
        guard let watch = watch(of: event.fd) else { return nil }
        if event.writable { sessions[event.fd]?.flush() }
        if watch.isLingering {
            if event.hangup || lingering[event.fd]?.discard() != false { endLingering(event.fd) }
            return nil
        }
        let writable = event.writable && watch.write
        guard event.readable || writable || event.hangup else { return nil }
        return Readiness(
            token: watch.token, readable: event.readable, writable: writable,
            hangup: event.hangup)
    }

    /// What TLS sessions told: another interest in the kernel, or input that it no longer has.
    private func attend(_ ready: inout [Readiness]) {
        guard !attention.isEmpty else { return }
        attention.take(into: &attended)
        for fd in attended {
            guard let watch = watch(of: fd), let tls = sessions[fd] else { continue }
            apply(watch, fd)
            if !watch.isLingering, watch.read, tls.needs.pendingInput {
                ready.append(
                    Readiness(token: watch.token, readable: true, writable: false, hangup: false))
            }
        }
        attended.removeAll(keepingCapacity: true)
    }

    // MARK: Interests

    func watch(
        _ fd: Int32, _ token: UInt64, socket: Socket? = nil, read: Bool = true, write: Bool = false
    ) -> Result<Void, SystemError> {
        // Work posted before the stop may still come to watch: an error, as its owner expects one.
        guard phase != .stopped else { return .failure(.closed) }
        do throws(SystemError) {
            try poll.add(fd, read: read, write: write)
        } catch {
            return .failure(error)
        }
        let index = Int(fd)
        while watches.count <= index { watches.append(nil) }
        deadlines.cancel(fd)
        watches[index] = Watch(token: token, read: read, write: write, kernelWrite: write)
        sessions[fd] = socket?.tls
        socket?.tls?.attach(to: attention)
        return .success(())
    }

    func setInterest(_ fd: Int32, read: Bool? = nil, write: Bool? = nil) {
        guard phase != .stopped, var watch = watch(of: fd) else { return }
        if read != nil { deadlines.cancel(fd) }
        let read = read ?? watch.read
        let write = write ?? watch.write
        guard read != watch.read || write != watch.write else { return }
        let readBefore = watch.read
        watch.read = read
        watch.write = write
        apply(watch, fd, readBefore: readBefore)
        // Input that waited while nobody read is reported now.
        if read, !readBefore, sessions[fd]?.needs.pendingInput == true { attention.add(fd) }
    }

    /// Stores `watch` and tells the kernel what it does not know yet.
    private func apply(_ watch: Watch, _ fd: Int32, readBefore: Bool? = nil) {
        var watch = watch
        let kernelWriteBefore = watch.kernelWrite
        watch.kernelWrite = watch.write
        if let needs = sessions[fd]?.needs {
            watch.kernelWrite = needs.unsent || watch.write && !needs.writeAwaitsInput
        }
        watches[Int(fd)] = watch
        guard watch.read != readBefore ?? watch.read || watch.kernelWrite != kernelWriteBefore
        else { return }
        // Changing a watch allocates nothing; it fails only when the owner closed first.
        try? poll.modify(fd, read: watch.read, write: watch.kernelWrite)
    }

    func pauseReads(_ fd: Int32, until deadline: Duration) {
        setInterest(fd, read: false)
        guard watch(of: fd) != nil else { return }
        deadlines.set(fd, at: deadline)
        armTimer()
    }

    func unwatch(_ fd: Int32) {
        guard phase != .stopped, watch(of: fd) != nil else { return }
        sessions.removeValue(forKey: fd)?.attach(to: nil)
        watches[Int(fd)] = nil
        deadlines.cancel(fd)
        try? poll.remove(fd)
    }

    private func watch(of fd: Int32) -> Watch? {
        let index = Int(fd)
        return watches.indices.contains(index) ? watches[index] : nil
    }

    // MARK: Lingering close

    func closeLingering(_ socket: Socket, until deadline: Duration) {
        let fd = socket.fd
        unwatch(fd)
        guard phase != .stopped, lingering.count < Self.lingeringMax,
            socket.shutdownWrite() == nil, !socket.discard(),
            case .success = watch(fd, 0, socket: socket)
        else {
            socket.close()
            return
        }
        let needsWrite = socket.tls?.needs.unsent == true
        if needsWrite { try? poll.modify(fd, read: true, write: true) }
        watches[Int(fd)] = Watch(
            token: 0, read: true, write: false, kernelWrite: needsWrite, isLingering: true)
        lingering[fd] = socket
        deadlines.set(fd, at: deadline)
        armTimer()
    }

    private func endLingering(_ fd: Int32) {
        unwatch(fd)
        lingering.removeValue(forKey: fd)?.close()
    }

    // MARK: Deadlines

    /// Whether the handler is called by then anyway.
    nonisolated func isAwake(by deadline: Duration) -> Bool {
        requestedWake.load(ordering: .relaxed) <= deadline.nanoseconds
    }

    func wake(at deadline: Duration) {
        guard phase != .stopped, !isAwake(by: deadline) else { return }
        requestedWake.store(deadline.nanoseconds, ordering: .relaxed)
        armTimer()
    }

    /// Acts on the loop's own deadlines; true when the handler's has come.
    private func reachDeadlines(now: Duration) -> Bool {
        armedWake = nil
        while let fd = deadlines.popDue(now: now) {
            guard let watch = watch(of: fd) else { continue }
            if watch.isLingering {
                endLingering(fd)
            } else {
                setInterest(fd, read: true)
            }
        }
        var due = false
        if isAwake(by: now) {
            requestedWake.store(Self.noWake, ordering: .relaxed)
            due = true
        }
        armTimer()
        return due
    }

    private func armTimer() {
        let requested = Duration.nanoseconds(requestedWake.load(ordering: .relaxed))
        let next = min(requested, deadlines.earliest() ?? requested)
        guard next.nanoseconds != Self.noWake else { return }
        if let armed = armedWake, armed <= next { return }
        armedWake = next
        poll.arm(at: next)
    }
}
