import Storage
import Synchronization

/// The last few rankings: a list that somebody reads goes on as it began. One for all shards.
final class Rankings: Sendable {
    static let keptMax = 10
    static let paceSeconds = 60

    private struct State {
        /// The newest last.
        var rankings: [Ranking]
        var isBuilding = false
    }

    private let state: Mutex<State>

    init(first: Ranking) {
        state = Mutex(State(rankings: [first]))
    }

    var newest: Ranking {
        state.withLock { $0.rankings[$0.rankings.count - 1] }
    }

    /// Nil when it is kept no longer.
    func ranking(madeMs: Int64) -> Ranking? {
        state.withLock { $0.rankings.last { $0.madeMs == madeMs } }
    }

    /// Makes another one, in pieces, between which other reads have their turn. Does nothing while
    /// one is being made. A failure leaves the ranking that there is, and is told to `report`.
    ///
    /// - Parameter done: called on a reader's thread, or at once, when there is nothing more to do.
    func rebuild(
        with reader: Reader, nowMs: Int64, report: @escaping @Sendable (any Error) -> Void,
        then done: @escaping @Sendable () -> Void = {}
    ) {
        let begins = state.withLock { state in
            defer { state.isBuilding = true }
            return !state.isBuilding
        }
        guard begins else { return done() }
        // Names differ, also after a clock was set back.
        let name = max(nowMs, newest.madeMs + 1)
        step(RankingBuild(nowMs: nowMs, name: name), reader, report, done)
    }

    private func step(
        _ build: RankingBuild, _ reader: Reader,
        _ report: @escaping @Sendable (any Error) -> Void, _ done: @escaping @Sendable () -> Void
    ) {
        let isReading = reader.read(
            { connection in
                var build = build
                let ranking = try build.step(connection)
                return (build, ranking)
            },
            completion: { [self] result in
                switch result {
                case .success((let build, nil)): step(build, reader, report, done)
                case .success((_, let ranking?)):
                    finish(ranking)
                    done()
                case .failure(let error):
                    report(error)
                    finish(nil)
                    done()
                }
            })
        // Too much waits to be read: the next minute is soon enough.
        guard !isReading else { return }
        finish(nil)
        done()
    }

    private func finish(_ ranking: Ranking?) {
        state.withLock { state in
            state.isBuilding = false
            guard let ranking else { return }
            state.rankings.append(ranking)
            state.rankings.removeFirst(max(0, state.rankings.count - Self.keptMax))
        }
    }
}
