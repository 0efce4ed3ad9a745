package import Model

/// Keeps what discovery reads in step with the rows of `patterns`, in their transactions.
package struct PatternSearchStore {
    /// Rows of patterns that are gone, deleted with each new one, so there is no long job.
    package static let orphansDeletedMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// To be called after each change of a pattern's row: makes discovery show what it shows. A
    /// pattern that is published, for the first time or again, comes before all others.
    package func show(_ pattern: Identifier) throws(DatabaseError) {
        guard let source = try source(pattern) else { return }
        let known = try connection.first(SearchStatement.find, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in
            (number: try row.integer(0), isListed: try row.boolean(1), ms: try row.integer(2))
        }
        switch (known, source.isListed) {
        case (nil, false): break
        case (nil, true): try list(pattern, source)
        case (let known?, false):
            guard known.isListed else { return }
            try connection.execute(SearchStatement.hide, [.integer(known.number)])
        case (let known?, true) where known.ms != source.listedMs:
            try remove(known.number)
            try list(pattern, source)
        case (let known?, true):
            try connection.execute(
                SearchStatement.update, source.filterValues + [.integer(known.number)])
            try showText(source, number: known.number)
        }
    }

    /// To be called after a change of a person's name: their patterns are found by it.
    package func showAll(of owner: Identifier) throws(DatabaseError) {
        let patterns = try connection.rows(SearchStatement.ofOwner, [.identifier(owner)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }
        for pattern in patterns { try show(pattern) }
    }

    // MARK: -

    private struct Source {
        let owner: Identifier
        let isListed: Bool
        let listedMs: Int64
        /// Flavor, bpm, key note, instruments.
        let filterValues: [Value]
        /// Title, description, owner's name.
        let words: [String]
    }

    private func source(_ pattern: Identifier) throws(DatabaseError) -> Source? {
        try connection.first(SearchStatement.source, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in
            let (isPublic, deletedMs) = (try row.boolean(1), try row.optionalInteger(2))
            let configuration = try row.text(7)
            return Source(
                owner: try row.identifier(0),
                isListed: isPublic && deletedMs == nil,
                listedMs: try row.integer(3),
                filterValues: [
                    .text(try row.text(4)), .integer(try row.integer(5)),
                    .integer(try row.integer(6)),
                    .integer(SearchInstruments(configuration: configuration).rawValue),
                ],
                words: [try row.text(8), try row.text(9), try row.text(10)])
        }
    }

    private func list(_ pattern: Identifier, _ source: Source) throws(DatabaseError) {
        let number = try connection.first(
            SearchStatement.insert,
            [.identifier(pattern), .identifier(source.owner)] + source.filterValues
                + [.integer(source.listedMs)]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
        guard let number else { throw .corrupt }
        try connection.execute(
            SearchStatement.insertText, [.integer(number)] + source.words.map { .text($0) })
        let orphans = try connection.rows(
            SearchStatement.orphans, [.integer(Self.orphansDeletedMax)]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
        for orphan in orphans { try remove(orphan) }
    }

    /// A tempo that is turned must not write the same words again and again.
    private func showText(_ source: Source, number: Int64) throws(DatabaseError) {
        let words = try connection.first(SearchStatement.text, [.integer(number)]) {
            (row) throws(DatabaseError) in [try row.text(0), try row.text(1), try row.text(2)]
        }
        guard let words else { throw .corrupt }
        guard !zip(words, source.words).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
        else { return }
        try connection.execute(
            SearchStatement.updateText, source.words.map { .text($0) } + [.integer(number)])
    }

    private func remove(_ number: Int64) throws(DatabaseError) {
        try connection.execute(SearchStatement.delete, [.integer(number)])
        try connection.execute(SearchStatement.deleteText, [.integer(number)])
    }
}
