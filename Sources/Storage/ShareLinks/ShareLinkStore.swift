package import Model

/// Share links. Only the SHA-256 of a secret is kept, and every link expires.
package struct ShareLinkStore {
    /// Rows of one list.
    package static let rowsMax: Int64 = 100
    /// Expired ones that go with each new one, so that the table stays small without a long job.
    package static let forgottenMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a link, and forgets some of those that have expired.
    package func insert(_ link: ShareLinkRecord) throws(DatabaseError) {
        try connection.execute(
            ShareLinkStatement.insert,
            [
                .identifier(link.id), .identifier(link.pattern), .blob(link.secretSHA256),
                .text(link.role.rawValue), .identifier(link.createdBy),
                .integer(link.createdMs), .integer(link.expiresMs),
            ])
        let expired = try connection.rows(
            ShareLinkStatement.expired,
            [.integer(link.createdMs), .integer(Self.forgottenMax)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
        for id in expired { try connection.execute(ShareLinkStatement.delete, [.identifier(id)]) }
    }

    /// Expired or not.
    package func find(_ id: Identifier) throws(DatabaseError) -> ShareLinkRecord? {
        try connection.first(ShareLinkStatement.find, [.identifier(id)], Self.link)
    }

    /// Nil for an unknown secret, and for one that has expired.
    package func find(
        secretSHA256: [UInt8], nowMs: Int64
    ) throws(DatabaseError) -> ShareLinkRecord? {
        try connection.first(
            ShareLinkStatement.findBySecret, [.blob(secretSHA256), .integer(nowMs)], Self.link)
    }

    /// Those that can be opened, oldest first, at most `rowsMax`.
    package func all(
        of pattern: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> [ShareLinkRecord] {
        try connection.rows(
            ShareLinkStatement.ofPattern,
            [.identifier(pattern), .integer(nowMs), .integer(Self.rowsMax)], Self.link)
    }

    package func delete(_ id: Identifier) throws(DatabaseError) {
        try connection.execute(ShareLinkStatement.delete, [.identifier(id)])
    }

    private static func link(_ row: Row) throws(DatabaseError) -> ShareLinkRecord {
        guard let role = Role(rawValue: try row.text(3)) else { throw .unexpectedColumn(3) }
        return ShareLinkRecord(
            id: try row.identifier(0), pattern: try row.identifier(1),
            secretSHA256: try row.blob(2), role: role,
            createdBy: try row.optionalIdentifier(4), createdMs: try row.integer(5),
            expiresMs: try row.integer(6))
    }
}
