package import Model

/// What everybody may see of somebody. `Protocol/social.md#profiles`.
package struct ProfileRecord: Hashable, Sendable {
    package let person: PersonRecord
    package let bio: String?
    package let createdMs: Int64
    package let followerCount: Int64
    package let followingCount: Int64
    /// Of patterns that are not deleted.
    package let publicPatternCount: Int64
}

/// People as others see them.
package struct ProfileStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Somebody with exact counts, also when they are gone. It counts index entries: 100,000
    /// followers take about 3 milliseconds.
    package func profile(_ id: Identifier) throws(DatabaseError) -> ProfileRecord? {
        try connection.first(ProfileStatement.find, [.identifier(id)]) {
            (row) throws(DatabaseError) in
            ProfileRecord(
                person: try PersonRecord(row, from: 0), bio: try row.optionalText(5),
                createdMs: try row.integer(6), followerCount: try row.integer(7),
                followingCount: try row.integer(8), publicPatternCount: try row.integer(9))
        }
    }

    package func person(_ id: Identifier) throws(DatabaseError) -> PersonRecord? {
        try connection.first(ProfileStatement.findPerson, [.identifier(id)]) {
            (row) throws(DatabaseError) in try PersonRecord(row, from: 0)
        }
    }

    /// Whether they are an administrator at this moment.
    package func isAdministrator(_ id: Identifier) throws(DatabaseError) -> Bool {
        try connection.first(ProfileStatement.isAdministrator, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.boolean(0)
        } ?? false
    }
}
