import Transport

/// The thread of work that clients share: their sockets, their timers, their state.
///
/// One loop serves hundreds of clients; an app needs only `ClientLoop.shared`. It stops when the
/// last client that uses it is gone.
public actor ClientLoop {
    nonisolated let eventLoop: EventLoop
    let driver: LoopDriver

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the loop is kept by this actor's own `let`.
        unsafe eventLoop.asUnownedSerialExecutor()
    }

    /// - Throws: `ClientError.noResources` when the process has no descriptors left; a loop
    ///   needs three.
    public init(label: String = "salsanor-client") throws(ClientError) {
        do throws(SystemError) {
            eventLoop = try EventLoop(label: label)
        } catch {
            throw .noResources("\(error)")
        }
        driver = LoopDriver(eventLoop: eventLoop)
        eventLoop.start { [weak self] batch in
            self?.assumeIsolated { $0.driver.turn(batch) }
        }
    }

    /// The loop of clients that were given none; nil when the process has no descriptors left.
    public static let shared: ClientLoop? = try? ClientLoop(label: "salsanor-clients")

    /// Runs `body` on the loop, in the order of posting; what it queues is written after it.
    package nonisolated func post(_ body: @escaping @Sendable (LoopDriver) -> Void) {
        eventLoop.execute { [self] in assumeIsolated { body($0.driver) } }
    }

    /// Runs `body` on the loop and returns its result.
    package nonisolated func perform<Value: Sendable>(
        _ body: @escaping @Sendable (LoopDriver) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            post { continuation.resume(returning: body($0)) }
        }
    }
}
