import Crypto
import Model
import Storage
import Transport

/// A data directory with people who are signed in, and patterns to like: signing each of them in
/// would cost a password hash.
struct LikerTown {
    let people: [Identifier]
    let tokens: [String]
    /// Each of the first people owns one after the other.
    let patterns: [Identifier]

    init(path: String, people: Int, owners: Int = 1, patterns count: Int) throws {
        let nowMs = EventLoop.wallClockMs
        var random = SystemRandomNumberGenerator()
        func id() -> Identifier {
            Identifier(timeMs: nowMs, random: (random.next(), random.next()))
        }
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let opened = try directory.openDatabase(nowMs: nowMs)
        var users: [Identifier] = []
        var tokens: [String] = []
        var patterns: [Identifier] = []
        try opened.database.write { connection in
            for number in 0..<people {
                let user = id()
                users.append(user)
                let email = "liker\(number)@example.org"
                try UserStore(connection).insert(
                    UserRecord(
                        id: user, email: email, emailNormalised: email, passwordHash: nil,
                        displayName: "Liker \(number)", createdMs: nowMs),
                    preferences: PreferencesRecord(id: id(), user: user, createdMs: nowMs))
                let token = "sn_load_\(user)"
                try SessionStore(connection).insert(
                    SessionRecord(
                        id: id(), user: user,
                        tokenSHA256: Array(SHA256.hash(data: Array(token.utf8))),
                        expiresMs: nowMs + 86_400_000, createdMs: nowMs))
                tokens.append(token)
            }
            for number in 0..<count {
                let pattern = PatternRecord(
                    id: id(), owner: users[number % owners],
                    content: PatternContent(
                        title: "Load \(number + 1)", description: nil, flavor: "Salsa", bpm: 180,
                        keyNote: 0, configuration: #"{"instruments":[]}"#),
                    isPublic: true, createdMs: nowMs, publishedMs: nowMs)
                try PatternStore(connection).insert(pattern)
                try RoomStore(connection).create(pattern.id, epoch: opened.incarnation.epochMs)
                patterns.append(pattern.id)
            }
        }
        try opened.database.close()
        self.people = users
        self.tokens = tokens
        self.patterns = patterns
    }

    /// Patterns whose counters are not what a recount gives, after the server has stopped.
    static func miscounted(path: String, patterns: [Identifier]) throws -> Int {
        try read(path: path) { connection in
            let likes = LikeStore(connection)
            return try patterns.count { pattern in
                try likes.count(of: pattern) != likes.recount(of: pattern)
            }
        }
    }

    /// Looks at what a server that has stopped left on the disk.
    static func read<Value>(
        path: String, _ body: (any Connection) throws -> Value
    ) throws -> Value {
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let database = try directory.openDatabase(nowMs: EventLoop.wallClockMs).database
        defer { try? database.close() }
        return try database.read(body)
    }
}
