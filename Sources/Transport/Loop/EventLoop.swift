import Dispatch

/// A serial queue, an epoll set and one dispatch source that watches the set: the loop of a shard.
///
/// One source for all descriptors, because libdispatch pays several system calls per source and
/// wake. A *turn* begins when the set becomes ready or work is posted, and goes in *rounds*: run
/// what was posted, take what is ready, call the handler once with the whole batch. So the end of
/// the handler is the place to flush. While rounds find something the turn goes on (a bounded
/// number of times) before it returns to dispatch, and under load it waits in the kernel itself
/// for up to a millisecond: see `LoopCore.lingerMs`.
///
/// It is the executor of actors pinned to it (`nonisolated var unownedExecutor`), whose
/// `assumeIsolated` works in the handler and in posted work. Handler, actor and loop may hold each
/// other: `stop()` breaks the cycle, and must be called.
package final class EventLoop: SerialExecutor {
    package let label: String
    private let queue: DispatchQueue
    private let mailbox: Mailbox
    private let core: LoopCore

    /// - Throws: `tooManyDescriptors` or `noMemory`; a loop needs three descriptors.
    package init(label: String) throws(SystemError) {
        self.label = label
        queue = DispatchQueue(label: label)
        let poll = try EpollSet()
        mailbox = Mailbox(doorbell: poll.doorbell)
        core = LoopCore(executor: SerialQueueExecutor(sharing: queue), poll: poll, mailbox: mailbox)
    }

    deinit {
        let core = core
        queue.async { core.assumeIsolated { $0.stop {} } }
    }

    // MARK: From any thread

    /// Begins to watch. The handler runs on the loop, once per round that found anything: ready
    /// descriptors, posted work (the batch may then be empty), or a deadline of `wake(at:)`.
    package func start(handler: @escaping @Sendable ([Readiness]) -> Void) {
        let core = core
        queue.async { core.assumeIsolated { $0.start(handler) } }
    }

    /// Runs `body` on the loop, in the order of posting, and calls the handler after it.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        if mailbox.add(body) {
            let core = core
            queue.async { core.assumeIsolated { $0.turn() } }
        }
    }

    /// Ends watching, drops the handler and closes the loop's own descriptors and those that
    /// linger. Sockets stay their owners'. Posted work and pinned actors still run afterwards.
    /// - Parameter completion: runs on the loop's queue when everything is closed.
    package func stop(completion: @escaping @Sendable () -> Void = {}) {
        let core = core
        queue.async { core.assumeIsolated { $0.stop(completion) } }
    }

    // MARK: On the loop only (a precondition)

    /// Reports readability of `fd` under `token` from the next round on. A token belongs to one
    /// descriptor; a batch may hold events of one that was unwatched in the same batch, so tokens
    /// are not used again.
    /// - Throws: `closed` on a stopped loop, `noMemory` past the kernel's limit of watches.
    package func watch(fd: Int32, token: UInt64) throws(SystemError) {
        try core.assumeIsolated { $0.watch(fd, token) }.get()
    }

    /// The same for a connection, plain or with TLS. With TLS the loop also reports readable when
    /// the session holds bytes that the kernel no longer has, and serves what a session must write
    /// by itself; its owner knows nothing of either.
    package func watch(_ socket: Socket, token: UInt64) throws(SystemError) {
        try core.assumeIsolated { $0.watch(socket.fd, token, socket: socket) }.get()
    }

    /// Watches a connection attempt: write interest without read interest.
    package func watchConnecting(_ socket: Socket, token: UInt64) throws(SystemError) {
        try core.assumeIsolated {
            $0.watch(socket.fd, token, socket: socket, read: false, write: true)
        }.get()
    }

    /// Arms or disarms the report of writability; no system call when nothing changes. Arm it only
    /// when the kernel refused bytes.
    package func setWriteInterest(fd: Int32, _ armed: Bool) {
        core.assumeIsolated { $0.setInterest(fd, write: armed) }
    }

    /// Arms or disarms the report of readability: a peer that must wait fills its own buffers.
    package func setReadInterest(fd: Int32, _ armed: Bool) {
        core.assumeIsolated { $0.setInterest(fd, read: armed) }
    }

    /// Disarms the report of readability until `deadline`.
    package func pauseReads(fd: Int32, until deadline: Duration) {
        core.assumeIsolated { $0.pauseReads(fd, until: deadline) }
    }

    /// Forgets `fd`; call it before closing. Harmless when it is not watched.
    package func unwatch(fd: Int32) {
        core.assumeIsolated { $0.unwatch(fd) }
    }

    /// Asks for a call of the handler at `deadline`. The earliest deadline asked for counts, and
    /// reaching it forgets the later ones: ask again at the end of each turn (with
    /// `DeadlineHeap.earliest()`). Costs nothing unless it is earlier than what is armed.
    package func wake(at deadline: Duration) {
        if !core.isAwake(by: deadline) { core.assumeIsolated { $0.wake(at: deadline) } }
    }

    /// RFC 6455 §7.1.1: sends the end of the stream, discards what still comes until the peer
    /// closes too or `deadline` passes, then closes. Without it, unread bytes would turn the close
    /// into a reset that can destroy the last frames on their way. The loop takes the socket over:
    /// its token is reported no more.
    package func closeLingering(_ socket: Socket, until deadline: Duration) {
        core.assumeIsolated { $0.closeLingering(socket, until: deadline) }
    }

    /// Unwatches and closes at once.
    package func close(_ socket: Socket) {
        unwatch(fd: socket.fd)
        socket.close()
    }

    // MARK: - SerialExecutor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        execute { [self] in
            // SAFETY: the closure keeps this executor alive while the job runs.
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        // SAFETY: an actor keeps its loop in a `let`, so it lives as long as the reference.
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
