import Client
import Model
import Storage
import TestSupport
import Testing
import Transport
import Wire

@testable import Server

/// What people are told, through the whole server. `Protocol/notifications.md#inbox`
@Suite(.serialized) struct InboxTests {
    /// An inbox as its owner reads it: `kind actor`, newest first.
    private func inbox(_ person: Int, of house: SocialHouse) async throws -> [String] {
        let list = try await house.call(person, .inboxList, [:])
        let notices = list["notices"]?.array ?? []
        #expect(list["unread"]?.int == Int64(notices.count { $0["isRead"] == false }))
        return notices.map { notice in
            let name = notice["actor"]?["displayName"]?.string ?? "nobody"
            return "\(notice["kind"]?.string ?? "?") \(name)"
        }
    }

    private func comment(
        _ person: Int, _ text: String, parent: JSON? = nil, of house: SocialHouse
    ) async throws -> JSON {
        var params: JSON.Object = .pattern()
        params["text"] = .string(text)
        params["parent"] = parent
        let answer = try await house.call(person, .commentCreate, params)
        return try #require(answer["comment"]?["id"])
    }

    @Test func `Likes and follows tell once, and are taken back`() async throws {
        let house = try await SocialHouse(people: 3)
        for _ in 0..<3 {
            try await house.call(1, .patternLike, .pattern())
            try await house.call(1, .patternUnlike, .pattern())
        }
        #expect(try await inbox(0, of: house) == [])
        try await house.call(1, .patternLike, .pattern())
        try await house.call(1, .patternLike, .pattern())
        #expect(try await inbox(0, of: house) == ["like Ana 1"])
        try await house.call(2, .userFollow, .user(0))
        try await house.call(0, .patternLike, .pattern())
        #expect(try await inbox(0, of: house) == ["follow Ana 2", "like Ana 1"])
        // Flapping for long is heard no more.
        for _ in 0..<5 {
            try await house.call(2, .userUnfollow, .user(0))
            try await house.call(2, .userFollow, .user(0))
        }
        #expect(try await inbox(0, of: house) == ["like Ana 1"])
        _ = try await house.stop { connection in
            let head = try InboxStore(connection).head(of: SocialHouse.user(0))
            #expect(head.number == 7 + 1 + 2 * Int64(Limits.noticeRestoresMax) + 1)
        }
    }

    @Test func `A comment tells owner, who is answered and who is named, each once`()
        async throws
    {
        let house = try await SocialHouse(people: 4)
        let first = try await comment(1, "¡Azúcar!", of: house)
        #expect(try await inbox(0, of: house) == ["comment Ana 1"])
        // Ana 3 has nothing to do with any of it: her name means nobody.
        let reply = try await comment(
            2, "@ana 0 and @Ana 1, what does @Ana 3 say?", parent: first, of: house)
        #expect(try await inbox(0, of: house) == ["mention Ana 2", "comment Ana 1"])
        #expect(try await inbox(1, of: house) == ["reply Ana 2"])
        #expect(try await inbox(3, of: house) == [])
        try await house.call(2, .userFollow, .user(3))
        _ = try await comment(2, "Now @Ana 3!", of: house)
        #expect(try await inbox(3, of: house) == ["mention Ana 2", "follow Ana 2"])
        try await house.call(0, .commentDelete, ["comment": reply])
        #expect(try await inbox(0, of: house) == ["comment Ana 2", "comment Ana 1"])
        #expect(try await inbox(1, of: house) == [])
        _ = try await house.stop { _ in }
    }

    @Test func `An edit tells whom it names for the first time, and nobody twice`() async throws {
        let house = try await SocialHouse(people: 5)
        for person in 1..<5 { try await house.call(person, .userFollow, .user(0)) }
        let id = try await comment(0, "With @Ana 1.", of: house)
        func edit(_ text: String) async throws {
            try await house.call(
                0, .commentUpdate, ["comment": id, "text": .string(text)])
        }
        #expect(try await inbox(1, of: house) == ["mention Ana 0"])
        #expect(try await inbox(2, of: house) == [])
        try await edit("With @Ana 1 and @Ana 2.")
        #expect(try await inbox(1, of: house) == ["mention Ana 0"])
        #expect(try await inbox(2, of: house) == ["mention Ana 0"])
        // Out and in again, with somebody new.
        try await edit("Alone.")
        try await edit("With @Ana 2, @Ana 3 and @Ana 0.")
        #expect(try await inbox(2, of: house) == ["mention Ana 0"])
        #expect(try await inbox(3, of: house) == ["mention Ana 0"])
        // Who did not want to be told of the first text is not told by a typo that is mended.
        try await house.call(4, .inboxSetSettings, ["kinds": ["mention": false]])
        try await edit("With @Ana 4.")
        try await house.call(4, .inboxSetSettings, ["kinds": ["mention": true]])
        try await edit("With @Ana 4!")
        #expect(try await inbox(4, of: house) == [])
        try await house.call(0, .commentDelete, ["comment": id])
        #expect(try await inbox(3, of: house) == [])
        _ = try await house.stop { _ in }
    }

    @Test func `A block ends what two people hear of each other`() async throws {
        let house = try await SocialHouse(people: 3)
        try await house.call(1, .patternLike, .pattern())
        try await house.call(2, .patternLike, .pattern())
        try await house.call(1, .userFollow, .user(0))
        try await house.call(0, .userFollow, .user(1))
        // Whoever makes it, both lose theirs.
        try await house.call(1, .userBlock, .user(0))
        #expect(try await inbox(0, of: house) == ["like Ana 2"])
        #expect(try await inbox(1, of: house) == [])
        // Taking the block back brings nothing back.
        try await house.call(1, .userUnblock, .user(0))
        try await house.call(1, .patternUnlike, .pattern())
        #expect(try await inbox(0, of: house) == ["like Ana 2"])
        _ = try await house.stop { _ in }
    }

    @Test func `Who is invited, joins, gets another role or none is told`() async throws {
        let house = try await SocialHouse(people: 2)
        var offer: JSON.Object = .pattern()
        offer["user"] = JSON.Object.user(1)["user"]
        offer["role"] = "viewer"
        try await house.call(0, .patternUnpublish, .pattern())
        try await house.call(0, .patternInvite, offer)
        let list = try await house.call(1, .inboxList, [:])
        let notice = try #require(list["notices"]?.array?.first)
        #expect(notice["kind"] == "invitation")
        #expect(notice["role"] == "viewer")
        // An invitation shows what it is to, though nobody else sees that.
        #expect(notice["pattern"]?["title"]?.string != nil)
        offer["role"] = "editor"
        try await house.call(0, .patternSetRole, offer)
        #expect(try await inbox(1, of: house) == ["invitation Ana 0"])
        var yes: JSON.Object = .pattern()
        yes["accept"] = true
        try await house.call(1, .patternAnswerInvitation, yes)
        #expect(try await inbox(0, of: house) == ["joined Ana 1"])
        offer["role"] = "viewer"
        try await house.call(0, .patternSetRole, offer)
        #expect(try await inbox(1, of: house) == ["role Ana 0", "invitation Ana 0"])
        // With the role goes the sight, and with it what was told.
        offer["role"] = nil
        try await house.call(0, .patternRemoveCollaborator, offer)
        #expect(try await inbox(1, of: house) == [])
        #expect(try await inbox(0, of: house) == [])
        _ = try await house.stop { _ in }
    }

    @Test func `A full inbox is taken back in several transactions`() async throws {
        let house = try await SocialHouse(people: 2)
        let notices = 2 * Limits.noticeSweepRowsMax + 1
        try await house.restart { connection in
            for _ in 0..<notices {
                try InboxStore(connection).add(
                    NewNotice(
                        .comment, actor: SocialHouse.user(0), pattern: SocialHouse.pattern(0)),
                    to: SocialHouse.user(1), nowMs: EventLoop.wallClockMs)
            }
        }
        let before = try await house.call(1, .inboxList, [:])
        #expect(before["unread"]?.int == Int64(notices))
        try await house.call(0, .patternUnpublish, .pattern())
        try await eventually("nothing is left") {
            try await house.call(1, .inboxList, [:])["unread"]?.int == 0
        }
        _ = try await house.stop { connection in
            let inboxes = InboxStore(connection)
            let head = try inboxes.head(of: SocialHouse.user(1))
            #expect(try inboxes.recount(of: SocialHouse.user(1)) == 0)
            // One event for each transaction.
            #expect(head.number == Int64(notices) + 3)
        }
    }

    @Test func `Who loses sight of a pattern hears no more of it`() async throws {
        let house = try await SocialHouse(people: 3, patterns: 2)
        let first = try await comment(1, "hola", of: house)
        _ = try await comment(2, "hola", parent: first, of: house)
        try await house.call(2, .userFollow, .user(1))
        #expect(try await inbox(1, of: house) == ["follow Ana 2", "reply Ana 2"])
        try await house.call(0, .patternUnpublish, .pattern())
        #expect(try await inbox(1, of: house) == ["follow Ana 2"])
        #expect(try await inbox(0, of: house) == ["comment Ana 2", "comment Ana 1"])
        try await house.call(0, .patternDelete, .pattern())
        #expect(try await inbox(0, of: house) == [])
        _ = try await house.stop { _ in }
    }

    @Test func `Forks tell, with the copy when it is public`() async throws {
        let house = try await SocialHouse(people: 2)
        let made = try await house.call(0, .patternCreate, ["title": "Rumba", "isPublic": true])
        let pattern = try #require(made["pattern"]?["id"])
        let fork = try await house.call(1, .patternFork, ["pattern": pattern])
        let list = try await house.call(0, .inboxList, [:])
        let notice = try #require(list["notices"]?.array?.first)
        #expect(notice["kind"] == "fork")
        #expect(notice["fork"] != nil)
        #expect(notice["fork"] == fork["pattern"]?["id"])
        #expect(notice["pattern"]?["title"] == "Rumba")
        _ = try await house.stop { _ in }
    }

    @Test func `Read marks count down, and groups show what there is`() async throws {
        let house = try await SocialHouse(people: 5)
        for person in 1...4 { try await house.call(person, .patternLike, .pattern()) }
        try await house.call(1, .userFollow, .user(0))
        let before = try await house.call(0, .inboxGroups, [:])
        let groups = try #require(before["groups"]?.array)
        #expect(groups.map { $0["kind"] } == ["follow", "like"])
        #expect(groups[1]["count"] == 4)
        #expect(groups[1]["actorCount"] == 4)
        #expect(groups[1]["actors"]?.array?.count == 3)
        var mark: JSON.Object = .pattern()
        mark["kind"] = "like"
        mark["through"] = groups[1]["through"]
        #expect(try await house.call(0, .inboxMarkRead, mark)["unread"] == 1)
        let second = try await house.call(0, .inboxMarkRead, ["numbers": [5, 5, 99]])
        #expect(second["unread"] == 0)
        #expect(try await house.call(0, .inboxMarkRead, ["through": 99]) == second)
        #expect(await house.refusal(0, .inboxMarkRead, [:]) == "invalidParams")
        let page = try await house.call(0, .inboxList, ["limit": 2])
        #expect(page["notices"]?.array?.count == 2)
        let next = try await house.call(
            0, .inboxList, ["limit": 50, "cursor": try #require(page["next"])])
        #expect(next["notices"]?.array?.count == 3)
        _ = try await house.stop { _ in }
    }

    @Test func `Settings are honoured: none at all, a kind, a pattern`() async throws {
        let house = try await SocialHouse(people: 3, patterns: 2)
        let kinds = try await house.call(0, .inboxSetSettings, ["kinds": ["follow": false]])
        #expect(kinds["settings"]?["follow"] == false)
        #expect(kinds["settings"]?["like"] == true)
        try await house.call(1, .userFollow, .user(0))
        try await house.call(0, .inboxMutePattern, .pattern(1))
        try await house.call(1, .patternLike, .pattern(1))
        #expect(try await inbox(0, of: house) == [])
        try await house.call(0, .inboxUnmutePattern, .pattern(1))
        try await house.call(2, .patternLike, .pattern(1))
        #expect(try await inbox(0, of: house) == ["like Ana 2"])
        try await house.call(0, .accountSetPreferences, ["notificationsEnabled": false])
        try await house.call(1, .patternLike, .pattern())
        try await house.call(2, .patternUnlike, .pattern(1))
        #expect(try await inbox(0, of: house) == [])
        #expect(try await house.call(0, .inboxSettings, [:])["muted"] == [])
        _ = try await house.stop { _ in }
    }

    @Test func `Who is gone leaves a notice of nobody`() async throws {
        let house = try await SocialHouse(people: 3, patterns: 1, administrators: [2])
        try await house.call(1, .patternLike, .pattern())
        var ban: JSON.Object = .user(1)
        ban["isActive"] = false
        ban["reason"] = "spam"
        try await house.call(2, .adminSetActive, ban)
        #expect(try await inbox(0, of: house) == ["like nobody"])
        _ = try await house.stop { _ in }
    }
}
