import Model
import Storage

/// The inboxes that one transaction did not get to. `Protocol/notifications.md#events`.
extension Shard {
    /// Goes on until none are left, one bounded transaction after the other. What is left when the
    /// server stops is on the disk, and done after the next start.
    func sweepInboxes() {
        let nowMs = moment.wallClockMs
        services.journal.perform(
            { connection in
                let notices = Notices(connection, nowMs: nowMs)
                guard try notices.sweep() else { return nil }
                var effects: [Effect] = []
                try notices.follow(&effects)
                return effects
            },
            completion: { [self] (result: Result<[Effect]?, OperationFailure>) in
                post { shard in
                    switch result {
                    case .success(nil): break
                    case .success(let effects?):
                        shard.perform(effects.filter { $0 != .inboxesLeft }[...]) {
                            $0.sweepInboxes()
                        }
                    case .failure(let failure):
                        // It is on the disk, and will be looked at again.
                        _ = shard.error(of: failure)
                    }
                }
            })
    }
}
