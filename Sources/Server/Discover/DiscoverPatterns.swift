import Model
import Storage
import Wire

/// `pattern.discover`. `Protocol/discover.md`.
struct DiscoverPatterns: Query {
    static let rowsDefault: Int64 = 20
    /// Patterns that an owner's list, or a search for words, ranks.
    static let candidatesMax: Int64 = 200
    /// Patterns that one page looks up, so that many which the caller may not see cost no more.
    static let lookedUpMax = 400

    private static let kind = "pattern.discover"

    private let filter: SearchFilter
    private let text: SearchText?
    /// Nil for the order of a search for words: titles first.
    private let sort: DiscoverSort?
    private let cursor: String?
    private let limit: Int
    /// What a cursor is bound to.
    private let query: JSON
    private let rankings: Rankings

    init(_ params: JSON.Object, rankings: Rankings) throws(WireError) {
        let reader = Params(params)
        filter = try Self.filter(reader)
        text = try reader.optional("text") { (name) throws(WireError) in
            guard let text = SearchText(try reader.text(name)) else {
                throw reader.refused(name, allowed: "1 to \(SearchText.wordsMax) words")
            }
            return text
        }
        sort = try reader.optional("sort", reader.choice) ?? (text == nil ? .newest : nil)
        cursor = try reader.optional("cursor", reader.text)
        limit = Int(try reader.optional("limit", reader.integer) ?? Self.rowsDefault)
        query = PageRequest.question(in: params)
        self.rankings = rankings
    }

    private static func filter(_ reader: Params) throws(WireError) -> SearchFilter {
        var filter = SearchFilter()
        filter.flavor = try reader.optional("flavor", reader.choice)
        let slowest = try reader.optional("bpmMin", reader.integer) ?? 0
        let fastest = try reader.optional("bpmMax", reader.integer) ?? .max
        guard slowest <= fastest else {
            throw reader.refused("bpmMax", allowed: "bpmMin or more")
        }
        filter.bpm = slowest...fastest
        filter.keyNote = try reader.optional("keyNote", reader.integer)
        filter.owner = try reader.optional("owner", reader.identifier)
        let instrument = try reader.optional("instrument") { (name) throws(WireError) in
            guard let instrument = InstrumentID(try reader.text(name)) else {
                throw reader.refused(name, allowed: "an instrument of catalogue.json")
            }
            return SearchInstruments(instrument)
        }
        filter.instruments = instrument ?? []
        return filter
    }

    func answer(_ call: CallContext) throws -> JSON {
        let place = try cursor.map { (text) throws(WireError) in
            try call.cursors.decode(kind: Self.kind, query: query, text)
        }
        var page = DiscoverPage(
            store: DiscoverStore(call.connection), user: call.user, limit: limit)
        let next: JSON?
        switch (sort, text) {
        case (.newest, nil): next = try readNewest(place, &page)
        case (.newest, let text?): next = try readNewest(text, place, &page)
        case (let sort?, nil) where filter.owner == nil: next = try readRanked(sort, place, &page)
        default: next = try readCandidates(place, &page)
        }
        var answer: JSON.Object = ["patterns": .array(page.cards)]
        if let next {
            answer["next"] = .string(call.cursors.encode(kind: Self.kind, query: query, body: next))
        }
        return .object(answer)
    }

    // MARK: - Newest

    private func readNewest(_ place: JSON?, _ page: inout DiscoverPage) throws -> JSON? {
        let store = page.store
        let end = try readPieces(from: place?["below"]?.int ?? .max, &page) { bound, count in
            try store.newest(filter, below: bound, limit: count)
        }
        return end.map { ["below": .integer($0)] }
    }

    /// Whether the last word may be the beginning of one is decided once for a whole list.
    private func readNewest(
        _ text: SearchText, _ place: JSON?, _ page: inout DiscoverPage
    ) throws -> JSON? {
        let store = page.store
        let completes = try place?["completes"]?.bool ?? completes(text, .max, store)
        let end = try readPieces(from: place?["below"]?.int ?? .max, &page) { bound, count in
            try store.matches(
                text, completing: completes, filter, below: bound, limit: count)
        }
        return end.map { ["below": .integer($0), "completes": .bool(completes)] }
    }

    /// Pieces of one page.
    private static let piecesMax = 4

    /// Fills the page from pieces of a list: another one only if the one before had some that the
    /// caller may not see.
    ///
    /// - Returns: the bound of the next page; nil at the end of the list.
    private func readPieces(
        from bound: Int64, _ page: inout DiscoverPage,
        _ read: (Int64, Int64) throws -> DiscoverStore.Piece
    ) throws -> Int64? {
        var bound = bound
        for _ in 0..<Self.piecesMax {
            let count = Int64(page.room)
            let piece = try read(bound, count)
            for found in piece.found {
                if page.isFull { return bound }
                try page.add(found.pattern)
                bound = found.number
            }
            guard let next = piece.next else { return nil }
            bound = next
            // A piece with less than was asked for has looked through what a page may.
            if page.isFull || piece.found.count < count { break }
        }
        return bound
    }

    // MARK: - Ranked

    /// The one that a list began with.
    private func ranking(at place: JSON?) throws(WireError) -> Ranking {
        guard let place else { return rankings.newest }
        guard let named = place["ranking"]?.int.flatMap({ rankings.ranking(madeMs: $0) }) else {
            throw WireError(
                .expired, "this ranking is kept no longer", path: "/cursor",
                allowed: "no cursor: the list begins again")
        }
        return named
    }

    private func readRanked(
        _ sort: DiscoverSort, _ place: JSON?, _ page: inout DiscoverPage
    ) throws -> JSON? {
        let ranking = try ranking(at: place)
        let list = ranking.list(sort, flavor: filter.flavor)
        var position = Int(clamping: place?["position"]?.int ?? 0)
        while position < list.count {
            if page.isFull {
                return [
                    "ranking": .integer(ranking.madeMs), "position": .integer(Int64(position)),
                ]
            }
            if filter.allows(list[position]) { try page.add(list[position].pattern) }
            position += 1
        }
        return nil
    }

    // MARK: - Candidates

    private struct Candidate {
        let score: Int64
        let number: Int64
        let pattern: Identifier
    }

    /// Ranks the newest that fit. Later pages rank them again, by the same ranking: what came
    /// after the first page's candidates is left out, so that nothing is pushed to the next page.
    private func readCandidates(_ place: JSON?, _ page: inout DiscoverPage) throws -> JSON? {
        let newest = try page.store.head()
        let top = place?["top"]?.int ?? (newest ?? 0) + 1
        let ranking = try ranking(at: place)
        let candidates = try self.candidates(below: top, ranking, page.store)
            .sorted { ($0.score, $0.number) > ($1.score, $1.number) }
        let last = place.flatMap { place in
            place["score"]?.int.flatMap { score in place["number"]?.int.map { (score, $0) } }
        }
        var previous: Candidate?
        for candidate in candidates {
            if let last, (candidate.score, candidate.number) >= last { continue }
            if page.isFull, let previous {
                return [
                    "ranking": .integer(ranking.madeMs), "top": .integer(top),
                    "score": .integer(previous.score), "number": .integer(previous.number),
                ]
            }
            try page.add(candidate.pattern)
            previous = candidate
        }
        return nil
    }

    private func candidates(
        below top: Int64, _ ranking: Ranking, _ store: DiscoverStore
    ) throws -> [Candidate] {
        guard let text else {
            return try store.counted(filter, below: top, limit: Self.candidatesMax)
                .map { candidate($0, ranking) }
        }
        let completes = try completes(text, top, store)
        var candidates: [Candidate] = []
        for place in [SearchText.Place.title, .elsewhere] {
            let limit = Self.candidatesMax - Int64(candidates.count)
            guard limit > 0 else { break }
            let found = try store.newestMatches(
                text, place, completing: completes, filter, below: top, limit: limit)
            candidates += found.map {
                Candidate(
                    score: (sort == nil && place == .title ? Self.titleScore : 0)
                        + ranking.score(of: $0.number, by: sort ?? .mostLiked),
                    number: $0.number, pattern: $0.pattern)
            }
        }
        return candidates
    }

    /// A whole word that many patterns have is not taken for the beginning of another one.
    private func completes(
        _ text: SearchText, _ top: Int64, _ store: DiscoverStore
    ) throws -> Bool {
        try store.number(ofMatch: Self.candidatesMax, text, completing: false, below: top) == nil
    }

    /// Of one owner: what is too little for the ranking counts, too.
    private func candidate(_ counted: DiscoverStore.Counted, _ ranking: Ranking) -> Candidate {
        let number = counted.found.number
        let score =
            switch sort {
            case .newest: number
            case .mostPlayed: counted.plays
            case .mostLiked, nil: counted.likes
            case .trending: ranking.score(of: number, by: .trending)
            }
        return Candidate(score: score, number: number, pattern: counted.found.pattern)
    }

    /// More than any score.
    private static let titleScore: Int64 = 1 << 48
}

/// The patterns of one page, as they are found.
struct DiscoverPage {
    let store: DiscoverStore
    let user: Identifier?
    let limit: Int
    private(set) var cards: [JSON] = []
    private var lookedUp = 0

    init(store: DiscoverStore, user: Identifier?, limit: Int) {
        self.store = store
        self.user = user
        self.limit = limit
    }

    /// How many more it takes.
    var room: Int {
        min(limit - cards.count, DiscoverPatterns.lookedUpMax - lookedUp)
    }

    var isFull: Bool { room <= 0 }

    /// Adds the pattern, if the caller may see it.
    mutating func add(_ pattern: Identifier) throws {
        lookedUp += 1
        guard let card = try store.card(pattern, for: user) else { return }
        cards.append(card.json(for: user))
    }
}
