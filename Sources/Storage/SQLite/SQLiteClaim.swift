import GRDB

extension SQLiteDatabase {
    /// `PRAGMA application_id` of our files: "SalN".
    package static let applicationID: Int64 = 0x5361_6c4e

    /// Marks an empty file as ours, and refuses one that is neither empty nor ours.
    func claim(_ connection: any Connection) throws {
        guard let connection = connection as? SQLiteConnection else {
            preconditionFailure("a connection of another database")
        }
        let id = try connection.pragma("PRAGMA application_id")
        if id == Self.applicationID { return }
        let tables = try connection.pragma("SELECT COUNT(*) FROM sqlite_master")
        guard id == 0, tables == 0 else { throw Migrator.Refusal.foreign(applicationID: id) }
        try connection.migrate("PRAGMA application_id = \(Self.applicationID)")
    }
}
