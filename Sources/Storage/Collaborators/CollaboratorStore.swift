package import Model

/// Who has which role in another's pattern. Who may give one is not decided here.
package struct CollaboratorStore {
    /// Rows of one list.
    package static let rowsMax: Int64 = 100

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func find(
        _ user: Identifier, of pattern: Identifier
    ) throws(DatabaseError) -> CollaboratorRecord? {
        try connection.first(
            CollaboratorStatement.find, [.identifier(pattern), .identifier(user)],
            Self.collaborator)
    }

    /// Gives a role, or another than before; with `acceptedMs` nil it is an invitation.
    package func write(
        _ user: Identifier, of pattern: Identifier, role: Role, invitedBy: Identifier?,
        nowMs: Int64, acceptedMs: Int64?
    ) throws(DatabaseError) {
        try connection.execute(
            CollaboratorStatement.write,
            [
                .identifier(pattern), .identifier(user), .text(role.rawValue),
                .identifier(invitedBy), .integer(nowMs), .integer(acceptedMs),
            ])
    }

    /// Returns false when there was neither role nor invitation.
    package func delete(
        _ user: Identifier, of pattern: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            CollaboratorStatement.delete, [.identifier(pattern), .identifier(user)]) == 1
    }

    /// Invited ones too.
    package func count(of pattern: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(CollaboratorStatement.count, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    /// Everybody, invited ones too, at most `rowsMax`.
    package func all(of pattern: Identifier) throws(DatabaseError) -> [CollaboratorRecord] {
        try connection.rows(
            CollaboratorStatement.ofPattern, [.identifier(pattern), .integer(Self.rowsMax)],
            Self.collaborator)
    }

    /// Those who accepted, at most `rowsMax`.
    package func roles(in pattern: Identifier) throws(DatabaseError) -> [Identifier: Role] {
        var roles: [Identifier: Role] = [:]
        try connection.query(
            CollaboratorStatement.roles, [.identifier(pattern), .integer(Self.rowsMax)]
        ) { (row) throws(DatabaseError) in
            roles[try row.identifier(0)] = try Self.role(row, 1)
            return true
        }
        return roles
    }

    /// A page of where somebody has a role or is invited, the latest first, without what is
    /// deleted or whose owner is away.
    package func collaborations(
        of user: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<CollaborationRecord> {
        let limit = min(max(1, limit), Self.rowsMax)
        let rows = try connection.rows(
            CollaboratorStatement.ofUser,
            [
                .identifier(user), .integer(bound.createdMs), .identifier(bound.id),
                .integer(limit),
            ]
        ) { (row) throws(DatabaseError) in
            CollaborationRecord(
                pattern: try row.identifier(0), title: try row.text(1),
                owner: try row.identifier(2), ownerName: try row.text(3),
                role: try Self.role(row, 4), createdMs: try row.integer(5),
                acceptedMs: try row.optionalInteger(6))
        }
        return Page(rows, limit: limit) { PageBound(createdMs: $0.createdMs, id: $0.pattern) }
    }

    private static func collaborator(_ row: Row) throws(DatabaseError) -> CollaboratorRecord {
        CollaboratorRecord(
            user: try row.identifier(0), displayName: try row.text(1), role: try role(row, 2),
            createdMs: try row.integer(3), acceptedMs: try row.optionalInteger(4))
    }

    private static func role(_ row: Row, _ column: Int) throws(DatabaseError) -> Role {
        guard let role = Role(rawValue: try row.text(column)) else {
            throw .unexpectedColumn(column)
        }
        return role
    }
}
