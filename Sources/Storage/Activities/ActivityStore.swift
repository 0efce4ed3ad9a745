package import Model

/// What somebody did that others may hear of. `Protocol/social.md#activities`.
package struct ActivityRecord: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case patternCreated = "pattern_created"
        case patternPublished = "pattern_published"
        case patternForked = "pattern_forked"
        case patternLiked = "pattern_liked"
        case userFollowed = "user_followed"
        case commentCreated = "comment_created"
    }

    /// That of the like, follow or comment it tells of, so that it goes with it; else a new one.
    package var id: Identifier
    package var user: Identifier
    package var kind: Kind
    package var pattern: Identifier?
    package var targetUser: Identifier?
    /// JSON text.
    package var metadata: String?
    package var createdMs: Int64

    package init(
        id: Identifier, user: Identifier, kind: Kind, pattern: Identifier? = nil,
        targetUser: Identifier? = nil, metadata: String? = nil, createdMs: Int64
    ) {
        self.id = id
        self.user = user
        self.kind = kind
        self.pattern = pattern
        self.targetUser = targetUser
        self.metadata = metadata
        self.createdMs = createdMs
    }
}

/// Activities, in the transactions of what they tell of.
package struct ActivityStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func note(_ activity: ActivityRecord) throws(DatabaseError) {
        try connection.execute(
            ActivityStatement.note,
            [
                .identifier(activity.id), .identifier(activity.user),
                .text(activity.kind.rawValue), .identifier(activity.pattern),
                .identifier(activity.targetUser), .text(activity.metadata),
                .integer(activity.createdMs),
            ])
    }

    /// What it told of was taken back. Feeds must know up to which number anything was told.
    package func remove(_ id: Identifier) throws(DatabaseError) {
        let removed = try connection.first(ActivityStatement.remove, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
        if let removed { try keepHead(removed) }
    }

    /// Removes the oldest, as far as they were noted before a moment.
    ///
    /// - Returns: how many, at most `limit`; fewer when none are left.
    package func clean(beforeMs: Int64, limit: Int) throws(DatabaseError) -> Int {
        let oldest = try connection.rows(ActivityStatement.oldest, [.integer(Int64(limit))]) {
            (row) throws(DatabaseError) in
            (number: try row.integer(0), createdMs: try row.integer(1))
        }
        let old = oldest.prefix { $0.createdMs < beforeMs }
        guard let last = old.last else { return 0 }
        try connection.execute(ActivityStatement.removeThrough, [.integer(last.number)])
        try connection.execute(ActivityStatement.setFloor, [.integer(last.number)])
        try keepHead(last.number)
        return old.count
    }

    /// Notes the number of what is gone, if it was the newest.
    private func keepHead(_ number: Int64) throws(DatabaseError) {
        let hasAbove = try connection.first(ActivityStatement.hasAbove, [.integer(number)]) {
            (row) throws(DatabaseError) in try row.boolean(0)
        }
        guard hasAbove == nil else { return }
        try connection.execute(ActivityStatement.setHead, [.integer(number)])
    }
}
