import Crypto
import Model
import Storage
import Transport

/// A data directory with one author, a crowd that follows them, and patterns to like.
struct FollowerTown {
    let author: String
    let followers: [String]
    let patterns: [Identifier]

    init(path: String, followers count: Int, patterns: Int) throws {
        let town = try LikerTown(path: path, people: count + 1, patterns: patterns)
        author = town.tokens[0]
        followers = Array(town.tokens.dropFirst())
        self.patterns = town.patterns
        let nowMs = EventLoop.wallClockMs
        var random = SystemRandomNumberGenerator()
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let database = try directory.openDatabase(nowMs: nowMs).database
        defer { try? database.close() }
        let tokens = followers
        let author = author
        try database.write { connection in
            let sessions = SessionStore(connection)
            func user(_ token: String) throws -> Identifier? {
                try sessions.holder(
                    tokenSHA256: Array(SHA256.hash(data: Array(token.utf8))), nowMs: nowMs)?.user
            }
            guard let followed = try user(author) else { return }
            for token in tokens {
                guard let follower = try user(token) else { continue }
                try FollowStore(connection).follow(
                    followed, by: follower,
                    id: Identifier(timeMs: nowMs, random: (random.next(), random.next())),
                    nowMs: nowMs)
            }
        }
    }
}
