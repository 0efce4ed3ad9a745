import Dispatch
import Synchronization

/// A few threads with a bounded queue for work that takes long on the processor, such as hashing
/// a password. What does not fit is refused at once rather than answered too late.
package final class WorkerPool: Sendable {
    /// The queue is full: the caller answers "overloaded, try later".
    package struct Full: Error, Equatable, Sendable {
        package init() {}
    }

    private struct State {
        var idle: [Int]
        /// First in, first out; short by its bound, so moving it up is cheap.
        var waiting: [@Sendable () -> Void] = []
    }

    package let width: Int
    package let waitingMax: Int
    private let queues: [DispatchQueue]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - width: how many pieces of work run at the same time.
    ///   - waitingMax: how many more may wait.
    package init(label: String, width: Int, waitingMax: Int) {
        precondition(width > 0 && waitingMax >= 0, "a pool needs a worker")
        self.width = width
        self.waitingMax = waitingMax
        queues = (0..<width).map { DispatchQueue(label: "\(label)-\($0)") }
        state = Mutex(State(idle: Array(0..<width)))
    }

    /// Runs `work` on a worker's thread, now or when one is free; false when the queue is full.
    package func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        enum Decision { case run(worker: Int), wait, refuse }
        let decision: Decision = state.withLock { state in
            if let worker = state.idle.popLast() { return .run(worker: worker) }
            guard state.waiting.count < waitingMax else { return .refuse }
            state.waiting.append(work)
            return .wait
        }
        switch decision {
        case .run(let worker):
            queues[worker].async { [self] in serve(worker, first: work) }
            return true
        case .wait: return true
        case .refuse: return false
        }
    }

    /// Runs `work` on a worker's thread and returns its result.
    /// - Throws: `Full` at once when the queue is full.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value
    ) async throws(Full) -> Value {
        let result: Result<Value, Full> = await withCheckedContinuation { continuation in
            if !submit({ continuation.resume(returning: .success(work())) }) {
                continuation.resume(returning: .failure(Full()))
            }
        }
        return try result.get()
    }

    private func serve(_ worker: Int, first: @escaping @Sendable () -> Void) {
        var work = first
        while true {
            work()
            let next: (@Sendable () -> Void)? = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.idle.append(worker)
                return nil
            }
            guard let next else { return }
            work = next
        }
    }
}
