package import Model

/// An act of somebody, with what it is about and what decides whether a reader may see it.
package struct FeedRecord: Sendable {
    package struct AboutPattern: Sendable {
        package let id: Identifier
        package let title: String
        package let owner: Identifier
        package let ownerName: String
        package let isPublic: Bool
        package let isDeleted: Bool
        package let isRemoved: Bool
        package let isOwnerAway: Bool
        /// The reader's, as a collaborator who accepted.
        package let role: Role?
        /// Between the reader and the owner.
        package let isBlocked: Bool
    }

    package struct AboutPerson: Sendable {
        package let person: PersonRecord
        /// Between the reader and them.
        package let isBlocked: Bool
    }

    package struct AboutComment: Sendable {
        package let id: Identifier
        package let text: String
        package let isDeleted: Bool
    }

    package let number: Int64
    package let kind: ActivityRecord.Kind
    package let createdMs: Int64
    package let actor: PersonRecord
    /// Nil also when it is gone.
    package let pattern: AboutPattern?
    package let target: AboutPerson?
    package let comment: AboutComment?

    init(_ row: Row) throws(DatabaseError) {
        number = try row.integer(0)
        guard let kind = ActivityRecord.Kind(rawValue: try row.text(1)) else {
            throw .unexpectedColumn(1)
        }
        self.kind = kind
        createdMs = try row.integer(2)
        actor = try PersonRecord(row, from: 3)
        pattern = try AboutPattern(row)
        if try row.optionalIdentifier(19) != nil {
            target = AboutPerson(
                person: try PersonRecord(row, from: 19), isBlocked: try row.boolean(24))
        } else {
            target = nil
        }
        if let id = try row.optionalIdentifier(25) {
            comment = AboutComment(
                id: id, text: try row.text(26), isDeleted: try row.optionalInteger(27) != nil)
        } else {
            comment = nil
        }
    }
}

extension FeedRecord.AboutPattern {
    fileprivate init?(_ row: Row) throws(DatabaseError) {
        guard let id = try row.optionalIdentifier(8) else { return nil }
        self.id = id
        title = try row.text(9)
        owner = try row.identifier(10)
        isPublic = try row.boolean(11)
        isDeleted = try row.optionalInteger(12) != nil
        isRemoved = try row.optionalInteger(13) != nil
        let isOwnerActive = try row.boolean(14)
        let ownerDeletedMs = try row.optionalInteger(15)
        isOwnerAway = !isOwnerActive || ownerDeletedMs != nil
        ownerName = try row.text(16)
        role = try row.optionalText(17).flatMap { Role(rawValue: $0) }
        isBlocked = try row.boolean(18)
    }
}
