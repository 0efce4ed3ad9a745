/// Brings a database to the schema this program knows.
package enum Migrator {
    /// Why a database is refused.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// Written by a newer version of the program.
        case newer(found: Int64, known: Int64)

        package var description: String {
            switch self {
            case .newer(let found, let known):
                """
                The database has schema \(found), this version knows schemas up to \(known). \
                Start the newer version of the server that wrote it, or restore a backup.
                """
            }
        }
    }

    /// Runs the migrations that are missing, each in a transaction; returns their numbers.
    @discardableResult
    package static func migrate(
        _ database: SQLiteDatabase, nowMs: Int64, migrations: [Migration] = Migration.all
    ) throws -> [Int64] {
        let known = migrations.last?.number ?? 0
        var latest = try database.write { connection in
            try connection.migrate(SQLiteDatabase.claim)
            try connection.migrate(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number INTEGER PRIMARY KEY,
                    name TEXT NOT NULL,
                    applied_ms INTEGER NOT NULL
                ) STRICT
                """)
            return try connection.first(MigrationStatement.latest, []) {
                (row) throws(DatabaseError) in try row.optionalInteger(0) ?? 0
            } ?? 0
        }
        guard latest <= known else { throw Refusal.newer(found: latest, known: known) }
        var applied: [Int64] = []
        for migration in migrations where migration.number > latest {
            precondition(migration.number == latest + 1, "migrations are numbered without gaps")
            try database.write { connection in
                try connection.migrate(migration.script)
                try connection.execute(
                    MigrationStatement.note,
                    [.integer(migration.number), .text(migration.name), .integer(nowMs)])
            }
            latest = migration.number
            applied.append(latest)
        }
        return applied
    }
}
