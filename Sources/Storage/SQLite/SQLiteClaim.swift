import GRDB

extension SQLiteDatabase {
    /// `PRAGMA application_id` of our files: "SalN".
    package static let applicationID: Int64 = 0x5361_6c4e

    /// Marks a file as ours.
    static let claim = "PRAGMA application_id = \(applicationID)"

    /// Refuses a file that is neither empty nor ours. Runs before anything is written, the journal
    /// mode included.
    static func refuseForeign(_ database: GRDB.Database) throws {
        let id = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if id == applicationID { return }
        let tables = try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        guard id == 0, tables == 0 else { throw DatabaseError.foreign(applicationID: id) }
    }
}
