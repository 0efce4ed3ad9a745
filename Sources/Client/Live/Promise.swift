import Synchronization

/// A result that comes once and may be awaited by several tasks, each of which can be cancelled.
final class Promise<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, ClientError>?
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Result<Value, ClientError>, Never>] = [:]
    }

    private let state = Mutex(State())

    /// The first result counts.
    func resolve(_ result: Result<Value, ClientError>) {
        let waiters: [Int: CheckedContinuation<Result<Value, ClientError>, Never>]
        waiters = state.withLock { state in
            guard state.result == nil else { return [:] }
            state.result = result
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: result) }
    }

    var result: Result<Value, ClientError>? { state.withLock(\.result) }

    func value() async throws(ClientError) -> Value {
        let number = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Result<Value, ClientError>? = state.withLock { state in
                    if Task.isCancelled, state.result == nil { return .failure(.cancelled) }
                    if state.result == nil { state.waiters[number] = continuation }
                    return state.result
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(returning: .failure(.cancelled))
        }
        return try result.get()
    }
}
