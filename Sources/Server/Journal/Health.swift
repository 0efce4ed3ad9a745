import Synchronization

/// What `/readyz` says; any thread.
final class Health: Sendable {
    private struct State {
        var isStarted = false
        var isStopping = false
        var readOnly: String?
    }

    private let state = Mutex(State())

    func setStarted() { state.withLock { $0.isStarted = true } }
    func setStopping() { state.withLock { $0.isStopping = true } }
    func setReadOnly(_ reason: String?) { state.withLock { $0.readOnly = reason } }

    var isReadOnly: Bool { state.withLock { $0.readOnly != nil } }

    /// Nil when everything works.
    var complaint: String? {
        state.withLock { state in
            if state.isStopping { return "stopping" }
            if !state.isStarted { return "starting" }
            return state.readOnly.map { "the disk does not take writes: \($0)" }
        }
    }
}
