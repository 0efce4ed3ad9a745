package import Dispatch

/// A serial queue as the executor of an actor that does blocking work: the journal, the name
/// resolver. Jobs run one at a time in the order of their arrival, on a thread that may block
/// without holding up Swift's cooperative pool.
///
/// Store it in a `let` of the actor and return `asUnownedSerialExecutor()` from
/// `nonisolated var unownedExecutor`.
package final class SerialQueueExecutor: SerialExecutor {
    package let queue: DispatchQueue

    package init(label: String, qos: DispatchQoS = .unspecified) {
        queue = DispatchQueue(label: label, qos: qos)
    }

    init(sharing queue: DispatchQueue) { self.queue = queue }

    /// Runs `body` on the queue, in the order of posting.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Runs `body` on the queue when `delay` has passed.
    package func execute(after delay: Duration, _ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(
            deadline: .now() + .nanoseconds(Int(delay / .nanoseconds(1))), execute: body)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in
            // SAFETY: the closure keeps this executor alive while the job runs.
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        // SAFETY: an actor keeps its executor in a `let`, so it lives as long as the reference.
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
