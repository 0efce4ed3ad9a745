/// The only writer: commits batches, each in one transaction, each item apart in a savepoint.
///
/// It knows no queue and no clock. One executor of the caller owns it and may block in it. After a
/// failure the caller calls `probe()` with a back-off until it succeeds, and commits again.
package final class JournalWriter {
    private let database: any Database
    private let incarnation: any IncarnationRecorder
    /// Set after an I/O failure, until new connections are open.
    private var mustReopen = false
    /// Set with `mustReopen`, until the log was emptied.
    private var mustEmptyLog = false
    /// Set after a failure, until a probe showed that the log can be started afresh.
    private var mustProbe = false

    package init(database: any Database, incarnation: any IncarnationRecorder) {
        self.database = database
        self.incarnation = incarnation
    }

    /// Commits all items that the schema and their rooms accept, in order; when it returns they are
    /// on the disk. Throws when nothing was committed.
    package func commit(_ items: [JournalItem]) throws(JournalFailure) -> [ItemOutcome] {
        if mustProbe { try probe() }
        var outcomes: [ItemOutcome] = []
        outcomes.reserveCapacity(items.count)
        var commits: Int64 = 0
        do {
            commits = try database.write { connection in
                for item in items {
                    outcomes.append(try Self.apply(item, on: connection))
                }
                return try MetaStore(connection).countCommit()
            }
        } catch {
            throw failed(error)
        }
        // After the commit and before the acknowledgement, so it can lag but never lead.
        incarnation.record(commits: commits)
        return outcomes
    }

    /// Sees whether the disk takes writes again: after an I/O failure opens new connections and
    /// empties the log, then commits a small row.
    ///
    /// Emptying the log matters after a failed sync: the kernel may have dropped pages of the log
    /// that it still shows us, and a commit appended behind such a hole would be lost with the
    /// power. A log that was copied into the main file, synced and restarted has no hole.
    package func probe() throws(JournalFailure) {
        do {
            if mustReopen {
                try database.reopen()
                mustReopen = false
            }
            try database.checkpoint(emptying: mustEmptyLog)
            mustEmptyLog = false
            let commits = try database.write { try MetaStore($0).countCommit() }
            incarnation.record(commits: commits)
            mustProbe = false
        } catch {
            throw failed(error)
        }
    }

    private func failed(_ error: any Error) -> JournalFailure {
        let failure = JournalFailure(error)
        mustProbe = true
        if failure.distrustsConnections {
            mustReopen = true
            mustEmptyLog = true
        }
        return failure
    }

    /// Throws only what ends the whole transaction.
    private static func apply(
        _ item: JournalItem, on connection: any Connection
    ) throws -> ItemOutcome {
        do {
            try connection.savepoint {
                switch item {
                case .room(let commit): try RoomStore(connection).append(commit)
                case .operation(let body): try body(connection)
                }
            }
            return .committed
        } catch let error as DatabaseError {
            if error.endsTransaction { throw error }
            return .refused(.database(error))
        } catch let error as RoomConflict {
            return .refused(.conflict(error))
        } catch {
            return .refused(.operation(error))
        }
    }
}
