import Model
import Storage
import Testing

@Suite("Stores of accounts") struct AccountStoreTests {
    private static let nowMs = Samples.nowMs

    private static func session(_ number: UInt64, lastUsedMs: Int64) -> SessionRecord {
        SessionRecord(
            id: Samples.id(500 + number), user: Samples.id(1),
            tokenSHA256: [UInt8](repeating: UInt8(number), count: 32), ipAddress: "203.0.113.9",
            userAgent: "curl/8", expiresMs: nowMs + 1_000, createdMs: nowMs,
            lastUsedMs: lastUsedMs)
    }

    @Test("A user's sessions are listed by last use, and ended one by one, all, or all others")
    func sessions() throws {
        let house = try House()
        try house.database.write { connection in
            let store = SessionStore(connection)
            for number in 1...5 {
                try store.insert(
                    Self.session(UInt64(number), lastUsedMs: Self.nowMs + Int64(number)))
            }
            let ids = (1...5).map { Samples.id(500 + $0) }
            let user = Samples.id(1)
            let listed = try store.list(of: user, nowMs: Self.nowMs)
            #expect(listed.map(\.id) == Array(ids.reversed()))
            #expect(listed.last == Self.session(1, lastUsedMs: Self.nowMs + 1))
            let expired = try store.list(of: user, nowMs: Self.nowMs + 1_000)
            #expect(expired.isEmpty)
            let foreign = try store.delete(ids[0], of: Samples.id(2))
            #expect(!foreign)
            let beyond = try store.deleteBeyond(4, of: user)
            #expect(beyond == [ids[0]])
            let own = try store.delete(ids[1], of: user)
            #expect(own)
            let others = try store.deleteAll(of: user, except: ids[2])
            #expect(Set(others) == [ids[3], ids[4]])
            let expiry = try store.expiry(of: ids[2])
            #expect(expiry == Self.nowMs + 1_000)
            let all = try store.deleteAll(of: user)
            #expect(all == [ids[2]])
            let gone = try store.expiry(of: ids[2])
            #expect(gone == nil)
        }
    }

    @Test("Who is banned, hidden or deleted holds no session")
    func presence() throws {
        let house = try House()
        let token = [UInt8](repeating: 1, count: 32)
        let user = Samples.id(1)
        try house.database.write { connection in
            try SessionStore(connection).insert(Self.session(1, lastUsedMs: Self.nowMs))
            func isThere() throws -> Bool {
                try SessionStore(connection).holder(tokenSHA256: token, nowMs: Self.nowMs) != nil
            }
            let users = UserStore(connection)
            let fresh = try isThere()
            #expect(fresh)
            for (isActive, deletedMs) in [(false, nil), (true, Self.nowMs)] as [(Bool, Int64?)] {
                try users.setPresence(
                    isActive: isActive, deletedMs: deletedMs, of: user, nowMs: Self.nowMs)
                let hidden = try isThere()
                #expect(!hidden)
            }
            try users.setPresence(isActive: true, deletedMs: nil, of: user, nowMs: Self.nowMs)
            try connection.execute(
                AnySQL("UPDATE users SET banned_at = 1 WHERE id = $1"), [.identifier(user)])
            let banned = try isThere()
            #expect(!banned)
            let record = try users.find(user)
            #expect(record?.bannedMs == 1)
        }
    }

    @Test("Profiles and preferences are written whole")
    func profile() throws {
        let house = try House()
        try house.database.write { connection in
            let users = UserStore(connection)
            var user = Samples.user(1)
            user.displayName = "Ana María"
            user.avatarURL = "https://example.org/a.png"
            user.bio = "clave"
            try users.updateProfile(of: user, nowMs: 7)
            user.updatedMs = 7
            let stored = try users.find(user.id)
            #expect(stored == user)
            var preferences = Samples.preferences(1)
            preferences.defaultBPM = 99
            preferences.defaultKeyNote = 11
            preferences.defaultFlavor = "Merengue"
            preferences.useGlassUI = false
            preferences.autoPlay = true
            preferences.showBeatNumbers = false
            preferences.defaultVolume = 0.25
            preferences.theme = "auto"
            preferences.language = "pt-BR"
            preferences.notificationsEnabled = false
            preferences.emailNotifications = false
            try users.update(preferences, nowMs: 8)
            preferences.updatedMs = 8
            let liked = try users.preferences(of: user.id)
            #expect(liked == preferences)
        }
    }

    @Test("Counts of failures are kept, taken back and forgotten")
    func throttles() throws {
        let house = try House()
        let subjects = (1...3).map { [UInt8](repeating: $0, count: 32) }
        try house.database.write { connection in
            let store = ThrottleStore(connection)
            let old = ThrottleStore.Count(failures: 2, lastFailureMs: Self.nowMs)
            let new = ThrottleStore.Count(failures: 3, lastFailureMs: Self.nowMs + 1)
            try store.set(old, of: subjects[0])
            try store.set(old, of: subjects[1])
            try store.set(new, of: subjects[1])
            try store.set(new, of: subjects[2])
            try store.set(nil, of: subjects[2])
            try store.forgetOld(nowMs: Self.nowMs + 1 + ThrottleStore.retentionMs)
            let left = try subjects.map { try store.find($0) }
            #expect(left == [nil, new, nil])
        }
    }

    @Test("The networks used last are familiar")
    func familiar() throws {
        let house = try House()
        func network(_ number: Int64) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 32) }
        try house.database.write { connection in
            let store = FamiliarNetworkStore(connection)
            let max = FamiliarNetworkStore.networksPerUserMax
            for number in 0...max {
                try store.note(network(number), of: Samples.id(1), nowMs: number)
            }
            let known = try (0...max).map { try store.isFamiliar(network($0), to: Samples.id(1)) }
            #expect(known == [false] + Array(repeating: true, count: Int(max)))
            let stranger = try store.isFamiliar(network(1), to: Samples.id(2))
            #expect(!stranger)
        }
    }

    @Test("An export gives each own row once, page by page")
    func export() throws {
        let house = try House(rooms: 7)
        try house.database.read { connection in
            let store = ExportStore(connection)
            var titles: [JSON?] = []
            var bound = ExportStore.Bound.start
            while true {
                let page = try store.page(.patterns, of: Samples.id(1), after: bound, limit: 3)
                titles += page.map { $0.item["id"] }
                guard let last = page.last else { break }
                bound = last.bound
            }
            #expect(titles == (0..<7).map { .string(Samples.id(100 + $0).description) })
            for section in ExportStore.Section.allCases where section != .patterns {
                let page = try store.page(section, of: Samples.id(1), after: .start, limit: 3)
                #expect(page.isEmpty, "\(section)")
            }
        }
    }
}
