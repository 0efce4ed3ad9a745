import Crypto
import Model
import Storage
import Transport

/// People who are signed in on a data directory that has others already, one an administrator:
/// signing each of them in would cost a password hash.
struct ReaderTown {
    let tokens: [String]
    /// Of the administrator.
    var adminToken: String { tokens[0] }

    /// - Parameter path: of a data directory that no server uses.
    init(path: String, people: Int) throws {
        let nowMs = EventLoop.wallClockMs
        var random = SystemRandomNumberGenerator()
        func id() -> Identifier {
            Identifier(timeMs: nowMs, random: (random.next(), random.next()))
        }
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let database = try directory.openDatabase(nowMs: nowMs).database
        var tokens: [String] = []
        try database.write { connection in
            for number in 0..<people {
                let user = id()
                let email = "reader-\(user)@example.org"
                try UserStore(connection).insert(
                    UserRecord(
                        id: user, email: email, emailNormalised: email, passwordHash: nil,
                        displayName: "Reader \(number)", isAdmin: number == 0,
                        createdMs: nowMs),
                    preferences: PreferencesRecord(id: id(), user: user, createdMs: nowMs))
                tokens.append("sn_load_\(user)")
                try SessionStore(connection).insert(
                    SessionRecord(
                        id: id(), user: user,
                        tokenSHA256: Array(SHA256.hash(data: Array(tokens[number].utf8))),
                        expiresMs: nowMs + 86_400_000, createdMs: nowMs))
            }
        }
        try database.close()
        self.tokens = tokens
    }
}
