import Crypto
import Model
import Storage

/// Turns `SeedData` into rows.
struct SeedWriter {
    private let data: SeedData
    private let texts: SeedTexts
    private let seed: UInt64
    private let passwordHash: String
    private let likeCounts: [Int64]
    private let commentCounts: [Int64]
    private let forkCounts: [Int64]
    private let playCounts: [Int64]

    init(data: SeedData, seed: UInt64, passwordHash: String) {
        self.data = data
        self.seed = seed
        self.passwordHash = passwordHash
        texts = SeedTexts(seed: seed)
        let count = data.patterns.count
        likeCounts = Self.counts(data.likes.lazy.map(\.to), of: count)
        commentCounts = Self.counts(data.comments.lazy.map(\.pattern), of: count)
        forkCounts = Self.counts(data.patterns.lazy.compactMap(\.original), of: count)
        // Those who listened long ago were counted, and are forgotten.
        let lately = Self.counts(data.plays.lazy.map(\.to), of: count)
        playCounts = zip(lately, likeCounts).map { $0 + 5 * $1 }
    }

    private static func counts(_ indices: some Sequence<Int>, of count: Int) -> [Int64] {
        var counts = [Int64](repeating: 0, count: count)
        for index in indices { counts[index] += 1 }
        return counts
    }

    typealias Part = (
        name: String, count: Int, write: (any Connection, Int) throws -> Void
    )

    /// In an order in which each row refers to what is there.
    var parts: [Part] {
        [
            ("people", data.usersMs.count, writeUser),
            ("patterns", data.patterns.count, writePattern),
            ("likes", data.likes.count, writeLike),
            ("follows", data.follows.count, writeFollow),
            ("comments", data.comments.count, writeComment),
            ("plays", data.plays.count, writePlay),
        ]
    }

    private enum Kind: UInt64 {
        case user = 1
        case preferences, pattern, like, follow, comment
    }

    private func id(_ kind: Kind, _ number: Int, _ ms: Int64) -> Identifier {
        var random = SplitMix64(seed: seed &* 31 &+ kind.rawValue << 56 ^ UInt64(number))
        return Identifier(timeMs: ms, random: (random.next(), random.next()))
    }

    private func user(_ number: Int) -> Identifier { id(.user, number, data.usersMs[number]) }

    private func pattern(_ number: Int) -> Identifier {
        id(.pattern, number, data.patterns[number].createdMs)
    }

    private func writeUser(_ connection: any Connection, _ number: Int) throws {
        let ms = data.usersMs[number]
        let email = seed == 1 ? "seed-\(number)@example.org" : "seed-\(seed)-\(number)@example.org"
        try UserStore(connection).insert(
            UserRecord(
                id: user(number), email: email, emailNormalised: email,
                passwordHash: passwordHash, displayName: texts.name(of: number),
                bio: texts.bio(of: number), emailVerified: true, createdMs: ms),
            preferences: PreferencesRecord(
                id: id(.preferences, number, ms), user: user(number), createdMs: ms))
    }

    private func writePattern(_ connection: any Connection, _ number: Int) throws {
        let made = data.patterns[number]
        var content = data.machines[made.machine]
        content.title = texts.title(of: number)
        content.description = texts.description(of: number)
        var record = PatternRecord(
            id: pattern(number), owner: user(made.owner), content: content,
            isPublic: made.isPublic, original: made.original.map(pattern),
            createdMs: made.createdMs, publishedMs: made.isPublic ? made.createdMs : nil,
            deletedMs: made.isDeleted ? data.endMs : nil)
        record.playCount = playCounts[number]
        record.likeCount = likeCounts[number]
        record.commentCount = commentCounts[number]
        record.forkCount = forkCounts[number]
        try PatternStore(connection).insert(record)
    }

    private func writeLike(_ connection: any Connection, _ number: Int) throws {
        let like = data.likes[number]
        try SeedStore(connection).like(
            id(.like, number, like.ms), user: user(like.from), pattern: pattern(like.to),
            ms: like.ms)
    }

    private func writeFollow(_ connection: any Connection, _ number: Int) throws {
        let follow = data.follows[number]
        try SeedStore(connection).follow(
            id(.follow, number, follow.ms), from: user(follow.from), to: user(follow.to),
            ms: follow.ms)
    }

    private func writeComment(_ connection: any Connection, _ number: Int) throws {
        let comment = data.comments[number]
        try SeedStore(connection).comment(
            id(.comment, number, comment.ms), user: user(comment.user),
            pattern: pattern(comment.pattern), text: texts.remark(number),
            parent: comment.parent.map { id(.comment, $0, data.comments[$0].ms) }, ms: comment.ms)
    }

    private func writePlay(_ connection: any Connection, _ number: Int) throws {
        let play = data.plays[number]
        let listener = SHA256.hash(data: user(play.from).bytes)
        try SeedStore(connection).play(pattern(play.to), listener: Array(listener), ms: play.ms)
    }
}
