import Synchronization

/// Work posted to a loop from any thread, taken by the loop in batches.
///
/// It is not bounded itself, because a job of an actor must never be refused; whoever posts bounds
/// what it posts (one message per shard and commit, one job per task).
final class Mailbox: Sendable {
    typealias Post = @Sendable () -> Void

    private struct State {
        var posts: [Post] = []
        /// A turn runs or is scheduled, and will look here before it ends.
        var attended = false
        /// The turn waits in the kernel and must be woken.
        var asleep = false
    }

    private let state = Mutex(State())
    private let doorbell: Int32

    init(doorbell: Int32) { self.doorbell = doorbell }

    /// Adds `post`; true when the caller must schedule a turn.
    func add(_ post: @escaping Post) -> Bool {
        state.withLock { state in
            state.posts.append(post)
            if state.asleep {
                state.asleep = false
                // Under the lock: the sleeper takes it before it can go on to close the doorbell.
                EpollSet.ring(doorbell)
            }
            defer { state.attended = true }
            return !state.attended
        }
    }

    /// Says that a turn has begun.
    func attend() { state.withLock { $0.attended = true } }

    /// Exchanges the posted work for the empty array `batch`, so both keep their storage.
    func take(into batch: inout [Post]) {
        state.withLock { swap(&$0.posts, &batch) }
    }

    /// Ends the turn; false when work has come meanwhile and another turn must follow.
    func leave() -> Bool {
        state.withLock { state in
            state.attended = !state.posts.isEmpty
            return state.posts.isEmpty
        }
    }

    /// Announces a wait in the kernel; false when there is work and so no time to wait.
    func sleep() -> Bool {
        state.withLock { state in
            state.asleep = state.posts.isEmpty
            return state.asleep
        }
    }

    func awake() { state.withLock { $0.asleep = false } }
}
