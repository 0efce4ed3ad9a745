import Client
import Model

import Testing
import Wire

@testable import Server

/// Feeds through the whole server. `Protocol/notifications.md#feed`
@Suite(.serialized) struct FeedTests {
    private static func activities(_ answer: JSON.Object) -> [String] {
        (answer["activities"]?.array ?? []).compactMap { $0["kind"]?.string }
    }

    private static func words(_ text: JSON) -> JSON.Object {
        var params: JSON.Object = .pattern()
        params["text"] = text
        return params
    }

    @Test func `A feed has what the followed do, and may be seen`() async throws {
        let house = try await SocialHouse(people: 4, patterns: 2)
        try await house.call(0, .patternUnpublish, .pattern(1))
        try await house.call(3, .userFollow, .user(1))
        try await house.call(1, .patternLike, .pattern(0))
        try await house.call(1, .commentCreate, Self.words("hm"))
        try await house.call(1, .userFollow, .user(2))
        // Somebody whom the reader does not follow.
        try await house.call(2, .patternLike, .pattern(0))
        var feed = try await house.call(3, .feedList, [:])
        #expect(Self.activities(feed) == ["user_followed", "comment_created", "pattern_liked"])
        // Their own private pattern is nobody's business, until it is published.
        try await house.call(3, .userFollow, .user(0))
        let made = try await house.call(
            0, .patternCreate, ["title": "Rumba", "isPublic": false])
        feed = try await house.call(3, .feedList, [:])
        #expect(Self.activities(feed).count == 3)
        try await house.call(0, .patternPublish, ["pattern": made["pattern"]?["id"] ?? .null])
        feed = try await house.call(3, .feedList, [:])
        #expect(
            Self.activities(feed).prefix(2) == ["pattern_published", "pattern_created"])
        // Taken back, and out of sight.
        try await house.call(1, .patternUnlike, .pattern(0))
        try await house.call(3, .userBlock, .user(2))
        feed = try await house.call(3, .feedList, [:])
        #expect(
            Self.activities(feed)
                == ["pattern_published", "pattern_created", "comment_created"])
        try await house.call(3, .userUnfollow, .user(0))
        let page = try await house.call(3, .feedList, ["limit": 1])
        #expect(Self.activities(page) == ["comment_created"])
        _ = try await house.stop { _ in }
    }

    @Test(arguments: [1, 2])
    func `What happened while one was away follows, once, then pushes`(
        shards: Int
    ) async throws {
        let house = try await SocialHouse(people: 3, patterns: 3, shards: shards)
        try await house.call(2, .userFollow, .user(1))
        let socket = try StreamReader(house, person: 2)
        let opened = try socket.open(.feed, nil)
        #expect(opened.recovered == false)
        try await house.call(1, .patternLike, .pattern(0))
        let first = try socket.next(.activity)
        socket.close()
        try await house.call(1, .patternLike, .pattern(1))
        try await house.call(1, .userFollow, .user(0))
        let again = try StreamReader(house, person: 2)
        let cursor = try #require(first.span.map {
            Cursor(epoch: $0.epoch, number: $0.through)
        })
        let resumed = try again.open(.feed, cursor)
        #expect(resumed == StreamOpening(recovered: true, cursor: cursor))
        var kinds: [String] = []
        for _ in 0..<2 { kinds.append(try again.next(.activity).data["kind"]?.string ?? "") }
        try await house.call(1, .patternLike, .pattern(2))
        kinds.append(try again.next(.activity).data["kind"]?.string ?? "")
        #expect(kinds == ["pattern_liked", "user_followed", "pattern_liked"])
        // Another history.
        let foreign = Cursor(epoch: cursor.epoch - 1, number: cursor.number)
        #expect(try again.open(.feed, foreign).recovered == false)
        // Who is followed from now on is heard from now on; who no longer is, no more.
        try await house.call(2, .userFollow, .user(0))
        try await house.call(2, .userUnfollow, .user(1))
        try await house.call(1, .patternUnlike, .pattern(2))
        try await house.call(1, .patternLike, .pattern(2))
        try await house.call(0, .patternLike, .pattern(0))
        #expect(
            try again.next(.activity).data["actor"]?["id"]?.string
                == SocialHouse.user(0).description)
        again.close()
        _ = try await house.stop { _ in }
    }

    @Test func `Who has a pattern open sees it fare, while it may be seen`() async throws {
        let house = try await SocialHouse(people: 3, administrators: [2])
        let guest = try StreamReader(house, person: nil)
        let stream = StreamName.pattern(SocialHouse.pattern(0))
        _ = try guest.open(stream, nil)
        #expect(try guest.next(.counters).data["likeCount"] == 0)
        try await house.call(1, .patternLike, .pattern())
        try await house.call(2, .patternLike, .pattern())
        var likes: JSON? = nil
        while likes != 2 { likes = try guest.next(.counters).data["likeCount"] }
        try await house.call(1, .commentCreate, Self.words("hm"))
        let said = try guest.next(.comment).data["comment"]
        #expect(said?["text"] == "hm")
        // Whoever takes it away: an administrator, too.
        let id = try #require(said?["id"])
        try await house.call(2, .adminRemoveComment, ["comment": id, "reason": "rude"])
        #expect(try guest.next(.comment).data["comment"]?["isDeleted"] == true)
        try await house.call(0, .patternUnpublish, .pattern())
        #expect(try guest.next(.closed).data["code"] == "notFound")
        guest.close()
        _ = try await house.stop { _ in }
    }

    @Test func `A client's feed goes on over a lost socket, each act once`() async throws {
        let house = try await SocialHouse(people: 3, patterns: 3)
        try await house.call(2, .userFollow, .user(1))
        let client = house.clients[2]
        var changes = client.feed.changes.makeAsyncIterator()
        #expect(await changes.next() == .missed)
        try await house.call(1, .patternLike, .pattern(0))
        guard case .activity(let first)? = await changes.next() else {
            Issue.record("no activity")
            return
        }
        #expect(first.kind == "pattern_liked")
        client.onCore { $0.breakOff(now: .zero) }
        try await house.call(1, .patternLike, .pattern(1))
        try await house.call(1, .patternLike, .pattern(2))
        for number in [1, 2] {
            guard case .activity(let next)? = await changes.next() else {
                Issue.record("no activity")
                return
            }
            #expect(next.patternID == SocialHouse.pattern(number).description)
        }
        let page = try await client.feed.page()
        #expect(page.activities.map(\.patternID).last == first.patternID)
        var news = try client.news(of: SocialHouse.pattern(0).description).makeAsyncIterator()
        #expect(await news.next() == .counters(likes: 1, comments: 0, plays: 0, forks: 0))
        _ = try await house.stop { _ in }
    }
}
