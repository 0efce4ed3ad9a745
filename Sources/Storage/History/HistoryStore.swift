package import Model

/// What was done to patterns, with the document after each. `Protocol/history.md`.
package struct HistoryStore {
    /// Old entries that go with each new one, so that there is no long job.
    package static let forgottenMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds entries, and forgets the oldest of those that are too old or too many.
    package func append(
        _ rows: [HistoryRow], to pattern: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        let id = Value.identifier(pattern)
        for row in rows {
            try connection.execute(
                HistoryStatement.insert,
                [
                    id, .integer(row.firstNumber), .integer(row.number), .identifier(row.user),
                    .integer(row.editCount), .text(row.paths), .integer(row.firstMs),
                    .integer(row.lastMs), .blob(row.document),
                ])
            try addBytes(Int64(row.document.count), id)
            try forget(id, nowMs: nowMs)
        }
    }

    private func addBytes(_ count: Int64, _ id: Value) throws(DatabaseError) {
        try connection.execute(HistoryStatement.addBytes, [id, .integer(count)])
    }

    private func forget(_ id: Value, nowMs: Int64) throws(DatabaseError) {
        var bytes =
            try connection.first(HistoryStatement.bytes, [id]) { (row) throws(DatabaseError) in
                try row.integer(0)
            } ?? 0
        let before = bytes
        let sinceMs = nowMs - Int64(Limits.historyDays) * 86_400_000
        let oldest = try connection.rows(
            HistoryStatement.oldest, [id, .integer(Self.forgottenMax)]
        ) { (row) throws(DatabaseError) in
            (first: try row.integer(0), lastMs: try row.integer(1), bytes: try row.integer(2))
        }
        // The last one stays, however old: it says how the pattern came to be what it is.
        for old in oldest.dropLast()
        where old.lastMs < sinceMs || bytes > Int64(Limits.historyBytesMax) {
            try connection.execute(HistoryStatement.delete, [id, .integer(old.first)])
            bytes -= old.bytes
        }
        if bytes != before {
            try connection.execute(HistoryStatement.setBytes, [.integer(bytes), id])
        }
    }

    /// Nil when there is no entry.
    package func lastNumber(of pattern: Identifier) throws(DatabaseError) -> Int64? {
        try connection.first(HistoryStatement.lastNumber, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
    }

    /// Newest first. A place in it is the first number of the last entry before.
    package func page(
        of pattern: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedHistory> {
        let limit = min(max(1, limit), PageBound.rowsMax)
        let rows = try connection.rows(
            HistoryStatement.page,
            [.identifier(pattern), .integer(bound.createdMs), .integer(limit)]
        ) { (row) throws(DatabaseError) in
            ListedHistory(
                row: HistoryRow(
                    firstNumber: try row.integer(0), number: try row.integer(1),
                    user: try row.optionalIdentifier(2), editCount: try row.integer(3),
                    paths: try row.text(4), firstMs: try row.integer(5),
                    lastMs: try row.integer(6), document: []),
                userName: try row.optionalText(7))
        }
        return Page(rows, limit: limit) {
            PageBound(createdMs: $0.row.firstNumber, id: pattern)
        }
    }

    /// The document that an entry led to; nil when no entry did.
    package func document(
        of pattern: Identifier, at number: Int64
    ) throws(DatabaseError) -> [UInt8]? {
        try connection.first(
            HistoryStatement.document, [.identifier(pattern), .integer(number)]
        ) { (row) throws(DatabaseError) in try row.blob(0) }
    }
}
