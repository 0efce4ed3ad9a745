package import Model

/// All that is kept of a user, section by section. `Protocol/accounts.md#export`.
package struct ExportStore {
    /// What is read page by page, in this order. The raw value begins a page's cursor.
    package enum Section: String, CaseIterable, Sendable {
        case patterns, comments, likes, following, followers, blocks, collaborations, activities
        case inbox
    }

    /// Behind which row a page begins; the first page's is all zero.
    package struct Bound: Hashable, Sendable {
        /// The number, or when the row was made.
        package var number: Int64
        package var id: Identifier

        package init(number: Int64, id: Identifier) {
            self.number = number
            self.id = id
        }

        package static let start = Bound(number: -1, id: Identifier(high: 0, low: 0))
    }

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// - Parameter limit: rows.
    package func page(
        _ section: Section, of user: Identifier, after bound: Bound, limit: Int64
    ) throws(DatabaseError) -> [(item: JSON, bound: Bound)] {
        let byTime: [Value] = [
            .identifier(user), .integer(bound.number), .identifier(bound.id), .integer(limit),
        ]
        let byNumber: [Value] = [.identifier(user), .integer(bound.number), .integer(limit)]
        return switch section {
        case .patterns:
            try rows(
                .patterns, byTime,
                [
                    "id", "title", "description", "flavor", "bpm", "keyNote", "isPublic",
                    "configuration", "originalPatternId", "playCount", "likeCount",
                    "commentCount", "forkCount", "createdAtMs", "updatedAtMs", "publishedAtMs",
                    "deletedAtMs",
                ], id: 0, number: 13)
        case .comments:
            try rows(
                .comments, byTime,
                [
                    "id", "patternId", "parentCommentId", "text", "isEdited", "createdAtMs",
                    "updatedAtMs", "deletedAtMs",
                ], id: 0, number: 5)
        case .likes:
            try rows(.likes, byTime, ["id", "patternId", "createdAtMs"], id: 0, number: 2)
        case .following:
            try rows(.following, byTime, ["id", "userId", "createdAtMs"], id: 0, number: 2)
        case .followers:
            try rows(.followers, byTime, ["id", "userId", "createdAtMs"], id: 0, number: 2)
        case .blocks:
            try rows(
                .blocks, [.identifier(user), .identifier(bound.id), .integer(limit)],
                ["userId", "createdAtMs"], id: 0, number: 1)
        case .collaborations:
            try rows(
                .collaborations, byTime, ["patternId", "role", "createdAtMs", "acceptedAtMs"],
                id: 0, number: 2)
        case .activities:
            try rows(
                .activities, byNumber,
                ["number", "type", "patternId", "userId", "metadata", "createdAtMs"], id: nil,
                number: 0)
        case .inbox:
            try rows(
                .inbox, byNumber,
                [
                    "number", "kind", "actorId", "patternId", "commentId", "forkId", "role",
                    "createdAtMs", "readAtMs",
                ], id: nil, number: 0)
        }
    }

    private func rows(
        _ statement: ExportStatement, _ arguments: [Value], _ names: [String], id: Int?,
        number: Int
    ) throws(DatabaseError) -> [(item: JSON, bound: Bound)] {
        try connection.rows(statement, arguments) { (row) throws(DatabaseError) in
            var object = JSON.Object()
            for (index, name) in names.enumerated() {
                object[name] = Self.json(row.values[index], name)
            }
            var bound = Bound.start
            bound.number = try row.integer(number)
            if let id { bound.id = try row.identifier(id) }
            return (.object(object), bound)
        }
    }

    /// A column as the calls of the protocol give it.
    private static func json(_ value: Value, _ name: String) -> JSON {
        switch value {
        case .null: .null
        case .integer(let number): name.hasPrefix("is") ? .bool(number != 0) : .integer(number)
        case .real(let number): JSON(number)
        case .text(let text):
            ["configuration", "metadata"].contains(name)
                ? (try? JSON.parse(Array(text.utf8), limits: .trusted)) ?? .null : .string(text)
        case .blob(let bytes): Identifier(bytes: bytes).map { .string($0.description) } ?? .null
        }
    }
}
