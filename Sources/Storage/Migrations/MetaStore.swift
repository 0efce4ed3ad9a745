/// Numbers about the database as a whole.
struct MetaStore {
    private let connection: any Connection

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The epoch and count of commits, or nil in a database that has none yet.
    func incarnation() throws(DatabaseError) -> Incarnation? {
        guard let epoch = try value("epoch"), let commits = try value("commits") else { return nil }
        return Incarnation(epochMs: epoch, commits: commits)
    }

    /// Begins an epoch, for the database and all its rooms.
    func begin(_ incarnation: Incarnation) throws(DatabaseError) {
        try connection.execute(
            MetaStatement.setValue, [.text("epoch"), .integer(incarnation.epochMs)])
        try connection.execute(
            MetaStatement.setValue, [.text("commits"), .integer(incarnation.commits)])
        try connection.execute(MetaStatement.beginEpoch, [.integer(incarnation.epochMs)])
    }

    /// Counts the transaction it is called in; returns the count with it.
    func countCommit() throws(DatabaseError) -> Int64 {
        let commits = try connection.first(MetaStatement.countCommit, []) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
        // A database without the row was never given an epoch, or was emptied by somebody.
        guard let commits else { throw .corrupt }
        return commits
    }

    private func value(_ key: String) throws(DatabaseError) -> Int64? {
        try connection.first(MetaStatement.value, [.text(key)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
    }
}
