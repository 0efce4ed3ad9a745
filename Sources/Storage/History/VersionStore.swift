package import Model

/// Documents that were given names, kept as long as their patterns. `Protocol/history.md#versions`.
package struct VersionStore {
    /// Rows of one list.
    package static let rowsMax: Int64 = 100

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func insert(
        _ version: VersionRecord, document: [UInt8]
    ) throws(DatabaseError) {
        try connection.execute(
            VersionStatement.insert,
            [
                .identifier(version.id), .identifier(version.pattern), .text(version.name),
                .integer(version.number), .blob(document), .identifier(version.createdBy),
                .integer(version.createdMs),
            ])
    }

    package func find(_ id: Identifier) throws(DatabaseError) -> VersionRecord? {
        try connection.first(VersionStatement.find, [.identifier(id)], Self.version)
    }

    /// Newest first, at most `rowsMax`.
    package func all(of pattern: Identifier) throws(DatabaseError) -> [VersionRecord] {
        try connection.rows(
            VersionStatement.all, [.identifier(pattern), .integer(Self.rowsMax)], Self.version)
    }

    package func document(of id: Identifier) throws(DatabaseError) -> [UInt8]? {
        try connection.first(VersionStatement.document, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.blob(0)
        }
    }

    package func rename(_ id: Identifier, to name: String) throws(DatabaseError) {
        try connection.execute(VersionStatement.rename, [.text(name), .identifier(id)])
    }

    package func delete(_ id: Identifier) throws(DatabaseError) {
        try connection.execute(VersionStatement.delete, [.identifier(id)])
    }

    private static func version(_ row: Row) throws(DatabaseError) -> VersionRecord {
        VersionRecord(
            id: try row.identifier(0), pattern: try row.identifier(1), name: try row.text(2),
            number: try row.integer(3), createdBy: try row.optionalIdentifier(4),
            createdMs: try row.integer(5))
    }
}
