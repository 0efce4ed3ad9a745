import Client
import Model
import Social
import Storage
import Testing
import Transport
import Wire

@testable import Server

/// Letters of what was missed, at hours that are passed in. `Protocol/notifications.md#digest`
@Suite(.serialized) struct DigestTests {
    private static let hourMs: Int64 = 3_600_000
    private static let delayMs = Int64(Limits.digestDelayHours) * hourMs
    private static let startMs = House.nowMs

    private let house: House
    private let digests = Digests(publicURL: "https://salsa.example")

    init() throws {
        house = try House(rooms: 2)
        try house.database.write { connection in
            try UserStore(connection).setEmailVerified(of: House.user, nowMs: Self.startMs)
            for number: UInt64 in 11...15 {
                let id = House.id(number)
                try UserStore(connection).insert(
                    UserRecord(
                        id: id, email: "p\(number)@example.org",
                        emailNormalised: "p\(number)@example.org", passwordHash: nil,
                        displayName: "Eva \(number)", createdMs: Self.startMs),
                    preferences: PreferencesRecord(
                        id: House.id(number + 100), user: id, createdMs: Self.startMs))
            }
        }
    }

    private func like(_ actor: UInt64, atMs: Int64) throws {
        _ = try house.database.write {
            try InboxStore($0).add(
                NewNotice(.like, actor: House.id(actor), pattern: House.id(100)),
                to: House.user, nowMs: atMs)
        }
    }

    /// Looks, and takes the letters that were queued.
    private func letters(atMs: Int64) throws -> [MailRecord] {
        try house.database.write { connection in
            _ = try digests.run(connection, nowMs: atMs)
            let letters = try MailStore(connection).due(nowMs: .max, limit: 100)
            for letter in letters { try MailStore(connection).delete(letter.id) }
            return letters
        }
    }

    private func prefer(_ change: (inout PreferencesRecord) -> Void) throws {
        try house.database.write { connection in
            let users = UserStore(connection)
            var preferences = try #require(try users.preferences(of: House.user))
            change(&preferences)
            try users.update(preferences, nowMs: Self.startMs)
        }
    }

    private func useSession(atMs: Int64) throws {
        try house.database.write {
            try SessionStore($0).insert(
                SessionRecord(
                    id: House.id(UInt64(atMs)), user: House.user,
                    tokenSHA256: Secret.sha256("\(atMs)"), expiresMs: .max, createdMs: atMs))
        }
    }

    @Test func `After some hours, at most daily, in groups`() throws {
        let start = Self.startMs
        try like(11, atMs: start)
        for actor: UInt64 in 12...15 { try like(actor, atMs: start + Self.hourMs) }
        #expect(try letters(atMs: start + Self.delayMs - 1).isEmpty)
        let sent = try letters(atMs: start + Self.delayMs)
        let letter = try #require(sent.first)
        #expect(sent.count == 1)
        #expect(letter.recipient == "ana@example.org")
        #expect(letter.subject == "5 new notifications")
        #expect(letter.body.contains("- Eva 15 and 4 others liked \u{201C}Son montuno\u{201D}\n"))
        #expect(try letters(atMs: start + 10 * Self.delayMs).isEmpty)

        // What comes a minute later waits for a day to pass, and tells nothing twice.
        let next = start + Self.delayMs + 60_000
        try like(11, atMs: next)
        #expect(try letters(atMs: next + Self.delayMs).isEmpty)
        let dayMs = Int64(Limits.digestIntervalHours) * Self.hourMs
        #expect(try letters(atMs: start + Self.delayMs + dayMs - 1).isEmpty)
        let second = try #require(try letters(atMs: start + Self.delayMs + dayMs).first)
        #expect(second.subject == "1 new notification")
        #expect(second.body.contains("- Eva 11 liked \u{201C}Son montuno\u{201D}\n"))
    }

    @Test func `Who was there since, has read it, or wants none gets none`() throws {
        let start = Self.startMs
        try like(11, atMs: start)
        try useSession(atMs: start + Self.hourMs)
        #expect(try letters(atMs: start + Self.delayMs).isEmpty)
        // What comes when they are away again is told; what they left unread is not.
        try like(12, atMs: start + 3 * Self.hourMs)
        let letter = try #require(
            try letters(atMs: start + 3 * Self.hourMs + Self.delayMs).first)
        #expect(letter.subject == "1 new notification")

        let later = start + 100 * Self.hourMs
        try like(13, atMs: later)
        _ = try house.database.write {
            try InboxStore($0).markRead(through: 99, of: House.user, nowMs: later)
        }
        #expect(try letters(atMs: later + Self.delayMs).isEmpty)
        for switchOff in [0, 1] {
            try prefer {
                $0.emailNotifications = switchOff != 0
                $0.notificationsEnabled = switchOff != 1
            }
            let atMs = later + Int64(switchOff + 1) * 100 * Self.hourMs
            try like(14, atMs: atMs)
            #expect(try letters(atMs: atMs + Self.delayMs).isEmpty)
        }
    }

    @Test func `In the language of the preferences, of nobody who is gone`() throws {
        try prefer { $0.language = "es-MX" }
        try like(11, atMs: Self.startMs)
        try house.database.write {
            try UserStore($0).setPresence(
                isActive: false, deletedMs: nil, of: House.id(11), nowMs: Self.startMs)
        }
        let letter = try #require(try letters(atMs: Self.startMs + Self.delayMs).first)
        #expect(letter.subject == "1 aviso nuevo")
        #expect(letter.body.contains("- A Alguien le gusta \u{201C}Son montuno\u{201D}\n"))
    }

    @Test func `RFC 8058: one click ends it, without a session, again and again`() throws {
        try like(11, atMs: Self.startMs)
        let nowMs = Self.startMs + Self.delayMs
        let letter = try #require(try letters(atMs: nowMs).first)
        let link = try #require(letter.unsubscribeURL)
        #expect(letter.body.contains(link))
        #expect(link.hasPrefix("https://salsa.example/v1/unsubscribe/"))
        let secret = try #require(
            UnsubscribeLink.secret(ofPath: String(link.dropFirst("https://salsa.example".count))))
        func wants() throws -> Bool? {
            try house.database.read {
                try UserStore($0).preferences(of: House.user)?.emailNotifications
            }
        }
        func click(_ secret: String, atMs: Int64) throws -> Bool {
            try house.database.write {
                try UnsubscribeLink.unsubscribe(secret, $0, nowMs: atMs)
            }
        }
        let lastMs = nowMs + Int64(Limits.unsubscribeSecretDays) * 24 * Self.hourMs
        #expect(try !click(String(secret.reversed()), atMs: nowMs))
        #expect(try !click(secret, atMs: lastMs))
        #expect(try wants() == true)
        #expect(try click(secret, atMs: nowMs))
        #expect(try click(secret, atMs: lastMs - 1))
        #expect(try wants() == false)
    }

    @Test func `The link shows a page, and only its button ends the letters`() async throws {
        let house = try await SocialHouse(people: 1)
        let socket = try RawSocket(house.server.addresses[0])
        func ask(_ verb: String) -> String {
            socket.write(
                Array(
                    """
                    \(verb) /v1/unsubscribe/\(String(repeating: "0", count: 64)) HTTP/1.1\r
                    Host: \(house.server.addresses[0])\r
                    Content-Type: application/x-www-form-urlencoded\r
                    Content-Length: \(verb == "POST" ? 26 : 0)\r
                    \r
                    \(verb == "POST" ? "List-Unsubscribe=One-Click" : "")
                    """.utf8))
            return String(decoding: socket.read(12), as: UTF8.self)
        }
        #expect(ask("POST") == "HTTP/1.1 404")
        let other = try RawSocket(house.server.addresses[0])
        other.write(
            Array(
                "GET /v1/unsubscribe/0 HTTP/1.1\r\nHost: \(house.server.addresses[0])\r\n\r\n"
                    .utf8))
        #expect(String(decoding: other.read(12), as: UTF8.self) == "HTTP/1.1 200")
        _ = try await house.stop { _ in }
    }
}
