import Logging
import Model
import Transport

/// What is done each minute for lists, off the loop.
extension Shard {
    func awaitNextRanking() {
        timers.set(.ranking, at: moment.elapsed + .seconds(Rankings.paceSeconds))
    }

    func makeRanking() {
        awaitNextRanking()
        let (log, nowMs, keys) = (log, moment.wallClockMs, services.cursorKeys)
        services.rankings.rebuild(with: services.reader, nowMs: nowMs) { error in
            log.error("the ranking stays as it was: \(error)")
        }
        // It may wait for the disk. One that does not fit in has its turn in a minute.
        _ = services.reader.read(
            { _ in try keys.rotateIfDue(nowMs: nowMs) },
            completion: { result in
                guard case .failure(let error) = result else { return }
                log.error("cursors stay signed with the old key: \(error)")
            })
    }
}
