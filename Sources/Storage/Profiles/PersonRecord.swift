package import Model

/// What lists show of somebody. `Protocol/social.md#gone`.
package struct PersonRecord: Hashable, Sendable {
    package let id: Identifier
    package let displayName: String
    package let avatarURL: String?
    /// Deactivated, banned or deleted.
    package let isGone: Bool

    /// Reads `id, display_name, avatar_url, is_active, deleted_at` from a column on.
    init(_ row: Row, from column: Int) throws(DatabaseError) {
        id = try row.identifier(column)
        displayName = try row.text(column + 1)
        avatarURL = try row.optionalText(column + 2)
        let (isActive, deletedMs) = (
            try row.boolean(column + 3), try row.optionalInteger(column + 4)
        )
        isGone = !isActive || deletedMs != nil
    }
}

/// Somebody in a list, with when they came into it.
package struct ListedPerson: Hashable, Sendable {
    package let person: PersonRecord
    package let bound: PageBound

    /// Reads `created_at`, the list's id, and a person.
    init(_ row: Row) throws(DatabaseError) {
        bound = PageBound(createdMs: try row.integer(0), id: try row.identifier(1))
        person = try PersonRecord(row, from: 2)
    }
}

extension Connection {
    /// A page of people, of a statement that ends in a bound (`$2`, `$3`) and a limit (`$4`).
    func people<S: SQLStatement>(
        _ statement: S, _ id: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedPerson> {
        let limit = min(max(1, limit), PageBound.rowsMax)
        let rows = try rows(
            statement,
            [
                .identifier(id), .integer(bound.createdMs), .identifier(bound.id),
                .integer(limit),
            ]
        ) { (row) throws(DatabaseError) in try ListedPerson(row) }
        return Page(rows, limit: limit) { $0.bound }.compactMap { $0.person.isGone ? nil : $0 }
    }
}
