import Dispatch
import Glibc

/// SIGTERM, SIGINT and SIGHUP as calls on a queue instead of the end of the process; SIGPIPE is
/// ignored, because a peer that is gone is a write error here.
///
/// One per process, started before it takes connections.
package actor TerminationSignals {
    package enum Signal: Sendable, Equatable, CaseIterable {
        /// SIGTERM: a supervisor asks for a clean stop.
        case terminate
        /// SIGINT: a person at the terminal asks for a clean stop.
        case interrupt
        /// SIGHUP: read the configuration again.
        case hangUp

        package var number: Int32 {
            switch self {
            case .terminate: SIGTERM
            case .interrupt: SIGINT
            case .hangUp: SIGHUP
            }
        }
    }

    private let executor = SerialQueueExecutor(label: "signals")
    private var sources: [any DispatchSourceSignal] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    package init() {}

    /// Calls `handler` on a queue of its own for each arrival; arrivals close together may be one
    /// call. Returns when the signals are caught, which dispatch does some time after it is asked:
    /// until then one would still end the process.
    package func start(
        _ signals: [Signal] = Signal.allCases, handler: @escaping @Sendable (Signal) -> Void
    ) async {
        Self.ignoreBrokenPipes()
        for signal in signals {
            let source = DispatchSource.makeSignalSource(
                signal: signal.number, queue: executor.queue)
            let fire: @Sendable () -> Void = { handler(signal) }
            source.setEventHandler(handler: fire)
            sources.append(source)
            await withCheckedContinuation { continuation in
                let registered: @Sendable () -> Void = { continuation.resume() }
                source.setRegistrationHandler(handler: registered)
                source.activate()
            }
        }
    }

    package func stop() {
        for source in sources { source.cancel() }
        sources = []
    }

    /// A write to a closed pipe becomes an error of that write.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// A file that may grow no further (RLIMIT_FSIZE) is an error of the write that asked for it,
    /// and not the end of the process.
    package static func ignoreFileSizeLimits() {
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}
