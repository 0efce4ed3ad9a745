package import Model

/// Patterns as rows: what lists and searches read.
package struct PatternStore {
    /// Rows of one page of a listing.
    package static let pageRowsMax: Int64 = 100

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func insert(_ pattern: PatternRecord) throws(DatabaseError) {
        try connection.execute(
            PatternStatement.insert,
            [
                .identifier(pattern.id), .identifier(pattern.owner), .text(pattern.content.title),
                .text(pattern.content.description), .text(pattern.content.flavor),
                .integer(pattern.content.bpm), .integer(pattern.content.keyNote),
                .boolean(pattern.isPublic), .text(pattern.content.configuration),
                .text(pattern.thumbnailURL), .identifier(pattern.original),
                .integer(pattern.playCount), .integer(pattern.likeCount),
                .integer(pattern.commentCount), .integer(pattern.forkCount),
                .integer(pattern.createdMs), .integer(pattern.updatedMs),
                .integer(pattern.publishedMs), .integer(pattern.deletedMs),
            ])
        try PatternSearchStore(connection).show(pattern.id)
    }

    /// The pattern, a deleted one too while it is kept.
    package func find(_ id: Identifier) throws(DatabaseError) -> PatternRecord? {
        try connection.first(PatternStatement.find, [.identifier(id)], Self.pattern)
    }

    /// An owner's patterns that are not deleted, newest first, at most `limit` (`pageRowsMax`) of
    /// those before the given one.
    package func find(
        owner: Identifier, before: (createdMs: Int64, id: Identifier)? = nil, limit: Int64
    ) throws(DatabaseError) -> [PatternRecord] {
        let bound = before ?? (Int64.max, Identifier(high: .max, low: .max))
        return try connection.rows(
            PatternStatement.findOfOwner,
            [
                .identifier(owner), .integer(bound.createdMs), .identifier(bound.id),
                .integer(min(limit, Self.pageRowsMax)),
            ], Self.pattern)
    }

    /// Makes the row show what its room shows; returns false when there is no such pattern.
    @discardableResult
    package func update(
        _ id: Identifier, content: PatternContent, updatedMs: Int64
    ) throws(DatabaseError) -> Bool {
        let updated = try connection.execute(
            PatternStatement.updateContent,
            [
                .text(content.title), .text(content.description), .text(content.flavor),
                .integer(content.bpm), .integer(content.keyNote), .text(content.configuration),
                .integer(updatedMs), .identifier(id),
            ]) == 1
        try PatternSearchStore(connection).show(id)
        return updated
    }

    // MARK: - Lists

    /// A page of an owner's patterns that are not deleted, newest first.
    package func page(
        owner: Identifier, publicOnly: Bool, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<PatternRecord> {
        let limit = min(max(1, limit), Self.pageRowsMax)
        let rows = try connection.rows(
            publicOnly ? PatternStatement.findPublicOfOwner : .findOfOwner,
            [
                .identifier(owner), .integer(bound.createdMs), .identifier(bound.id),
                .integer(limit),
            ], Self.pattern)
        return Page(rows, limit: limit) { PageBound(createdMs: $0.createdMs, id: $0.id) }
    }

    /// A page of what an owner deleted after `sinceMs`, newest pattern first.
    package func deleted(
        owner: Identifier, sinceMs: Int64, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<PatternRecord> {
        let limit = min(max(1, limit), Self.pageRowsMax)
        let rows = try connection.rows(
            PatternStatement.findDeletedOfOwner,
            [
                .identifier(owner), .integer(bound.createdMs), .identifier(bound.id),
                .integer(sinceMs), .integer(limit),
            ], Self.pattern)
        return Page(rows, limit: limit) { PageBound(createdMs: $0.createdMs, id: $0.id) }
    }

    /// What the owner of a pattern is called.
    package func ownerName(of id: Identifier) throws(DatabaseError) -> String? {
        try connection.first(PatternStatement.ownerName, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.text(0)
        }
    }

    // MARK: - What its owner does

    /// Returns false when it was so already.
    package func setPublic(
        _ isPublic: Bool, _ id: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let changed = try connection.execute(
            isPublic ? PatternStatement.publish : .unpublish,
            [.integer(nowMs), .identifier(id)]) == 1
        try PatternSearchStore(connection).show(id)
        return changed
    }

    /// Returns false when it was deleted already.
    package func delete(_ id: Identifier, nowMs: Int64) throws(DatabaseError) -> Bool {
        let deleted = try connection.execute(
            PatternStatement.delete, [.integer(nowMs), .identifier(id)]) == 1
        try PatternSearchStore(connection).show(id)
        return deleted
    }

    /// Undoes a deletion, and a removal by an administrator.
    package func restore(_ id: Identifier) throws(DatabaseError) {
        try connection.execute(PatternStatement.restore, [.identifier(id)])
        try PatternSearchStore(connection).show(id)
    }

    // MARK: - Counts

    /// One more pattern has this as its original; `insert` of that one does not count.
    package func countFork(of id: Identifier) throws(DatabaseError) {
        try connection.execute(PatternStatement.countFork, [.identifier(id)])
    }

    package func countPlay(of id: Identifier) throws(DatabaseError) {
        try connection.execute(PatternStatement.countPlay, [.identifier(id)])
    }

    package func playCount(of id: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(PatternStatement.playCount, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    private static func pattern(_ row: Row) throws(DatabaseError) -> PatternRecord {
        var record = PatternRecord(
            id: try row.identifier(0), owner: try row.identifier(1),
            content: PatternContent(
                title: try row.text(2), description: try row.optionalText(3),
                flavor: try row.text(4), bpm: try row.integer(5), keyNote: try row.integer(6),
                configuration: try row.text(8)),
            isPublic: try row.boolean(7), thumbnailURL: try row.optionalText(9),
            original: try row.optionalIdentifier(10), createdMs: try row.integer(15),
            updatedMs: try row.integer(16), publishedMs: try row.optionalInteger(17),
            deletedMs: try row.optionalInteger(18))
        record.playCount = try row.integer(11)
        record.likeCount = try row.integer(12)
        record.commentCount = try row.integer(13)
        record.forkCount = try row.integer(14)
        return record
    }
}
