import Model
import Storage

/// The inboxes that one transaction did not get to. `Protocol/notifications.md#events`.
extension Shard {
    /// Goes on until none are left, one bounded transaction after the other. What is left when the
    /// server stops is on the disk, and done after the next start.
    func sweepInboxes() {
        let (nowMs, epoch, shards) = (moment.wallClockMs, services.epoch, shards)
        services.journal.perform(
            { connection in
                let notices = Notices(connection, nowMs: nowMs, epoch: epoch)
                guard try notices.sweep() else { return nil }
                var effects: [Effect] = []
                try notices.follow(&effects)
                return effects
            },
            completion: { [self] (result: Result<[Effect]?, OperationFailure>) in
                if case .success(let effects?) = result { Self.publish(effects, to: shards) }
                post { shard in
                    switch result {
                    case .success(nil): break
                    case .success: shard.sweepInboxes()
                    case .failure(let failure):
                        // It is on the disk, and will be looked at again.
                        _ = shard.error(of: failure)
                    }
                }
            })
    }
}
