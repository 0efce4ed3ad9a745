import Client
import Model
import Storage
import Testing
import Wire

/// Likes, comments, follows and blocks through the whole server. `Protocol/social.md`
@Suite(.serialized) struct SocialTests {
    @Test func `Liking twice is liking once, and is told the same`() async throws {
        let house = try await SocialHouse(people: 2)
        for _ in 0..<2 {
            let answer = try await house.call(1, .patternLike, .pattern())
            #expect(answer["isLiked"] == true)
            #expect(answer["likeCount"] == 1)
        }
        let likes = try await house.call(0, .patternLikes, .pattern())
        #expect(likes["users"]?.array?.count == 1)
        for _ in 0..<2 {
            let answer = try await house.call(1, .patternUnlike, .pattern())
            #expect(answer["likeCount"] == 0)
        }
        _ = try await house.stop { _ in }
    }

    @Test func `Comments are answered, edited, deleted, and keep their replies`() async throws {
        let house = try await SocialHouse(people: 3)
        var words: JSON.Object = .pattern()
        words["text"] = "¡Azúcar!\nSí"
        let made = try await house.call(1, .commentCreate, words)
        let comment = try #require(made["comment"]?.object)
        let id = try #require(comment["id"])
        #expect(comment["text"] == "¡Azúcar!\nSí")
        #expect(made["commentCount"] == 1)
        words["parent"] = id
        let reply = try await house.call(2, .commentCreate, words)
        #expect(reply["comment"]?.object?["parent"] == id)

        // Only its author edits; the same text is no edit.
        let same: JSON.Object = ["comment": id, "text": "¡Azúcar!\nSí"]
        #expect(await house.refusal(2, .commentUpdate, same) == "forbidden")
        let unchanged = try await house.call(1, .commentUpdate, same)
        #expect(unchanged["comment"]?.object?["isEdited"] == false)
        let edited = try await house.call(1, .commentUpdate, ["comment": id, "text": "No"])
        #expect(edited["comment"]?.object?["isEdited"] == true)

        // Not by a third person; by the owner of the pattern.
        #expect(await house.refusal(2, .commentDelete, ["comment": id]) == "forbidden")
        let deleted = try await house.call(0, .commentDelete, ["comment": id])
        #expect(deleted["commentCount"] == 1)
        #expect(try await house.call(1, .commentDelete, ["comment": id])["commentCount"] == 1)
        let list = try await house.call(1, .commentList, .pattern())
        let place = try #require(list["comments"]?.array?.first?.object)
        #expect(place["isDeleted"] == true)
        #expect(place["text"] == "")
        #expect(place["user"] == .null)
        #expect(place["replyCount"] == 1)
        let replies = try await house.call(1, .commentReplies, ["comment": id])
        #expect(replies["comments"]?.array?.count == 1)
        #expect(await house.refusal(1, .commentCreate, words) == "deleted")
        #expect(await house.refusal(1, .commentUpdate, same) == "deleted")
        _ = try await house.stop { _ in }
    }

    @Test func `What nobody could read or find is refused`() async throws {
        let house = try await SocialHouse(people: 2, patterns: 2)
        var words: JSON.Object = .pattern()
        words["text"] = " \n\t "
        #expect(await house.refusal(1, .commentCreate, words) == "invalidParams")
        words["text"] = .string(String(repeating: "a", count: Limits.commentCharactersMax + 1))
        #expect(await house.refusal(1, .commentCreate, words) == "invalidParams")
        words["text"] = .string(String(repeating: "é", count: Limits.commentCharactersMax))
        let made = try await house.call(1, .commentCreate, words)
        // A comment of another pattern is none of this one.
        var elsewhere: JSON.Object = .pattern(1)
        elsewhere["text"] = "hm"
        elsewhere["parent"] = made["comment"]?.object?["id"]
        #expect(await house.refusal(1, .commentCreate, elsewhere) == "notFound")
        #expect(await house.refusal(1, .patternLike, .pattern(7)) == "notFound")
        #expect(await house.refusal(1, .userFollow, .user(7)) == "notFound")
        #expect(await house.refusal(1, .userFollow, .user(1)) == "invalidParams")
        #expect(await house.refusal(1, .userBlock, .user(1)) == "invalidParams")
        _ = try await house.stop { _ in }
    }

    @Test func `Answers nest to a bound`() async throws {
        let house = try await SocialHouse(people: 1)
        var words: JSON.Object = .pattern()
        words["text"] = "deeper"
        for _ in 0..<Limits.commentDepthMax {
            words["parent"] = try await house.call(0, .commentCreate, words)["comment"]?
                .object?["id"]
        }
        #expect(await house.refusal(0, .commentCreate, words) == "limit")
        _ = try await house.stop { _ in }
    }

    @Test func `A profile counts, and says what one is to each other`() async throws {
        let house = try await SocialHouse(people: 3, patterns: 2)
        try await house.call(1, .userFollow, .user(0))
        try await house.call(1, .userFollow, .user(0))
        try await house.call(2, .userFollow, .user(0))
        let profile = try await house.call(1, .userGet, .user(0))["user"]?.object
        #expect(profile?["followerCount"] == 2)
        #expect(profile?["followingCount"] == 0)
        #expect(profile?["publicPatternCount"] == 2)
        #expect(profile?["isFollowing"] == true)
        #expect(profile?["isFollower"] == false)
        #expect(profile?["email"] == nil)
        let followers = try await house.call(0, .userFollowers, .user(0))
        #expect(followers["users"]?.array?.count == 2)
        let following = try await house.call(0, .userFollowing, .user(1))
        #expect(following["users"]?.array?.first?.object?["id"] == JSON.Object.user(0)["user"])
        try await house.call(1, .userUnfollow, .user(0))
        let own = try await house.call(0, .userGet, .user(0))["user"]?.object
        #expect(own?["followerCount"] == 1)
        #expect(own?["isFollowing"] == nil)
        _ = try await house.stop { _ in }
    }

    /// Whoever blocks, neither can reach the other.
    @Test(arguments: [0, 1])
    func `A block stands between two people`(_ blocker: Int) async throws {
        let house = try await SocialHouse(people: 2)
        let other = 1 - blocker
        var words: JSON.Object = .pattern()
        words["text"] = "hm"
        let comment = try await house.call(1, .commentCreate, words)["comment"]?.object?["id"]
        try await house.call(1, .patternLike, .pattern())
        try await house.call(0, .userFollow, .user(1))
        try await house.call(1, .userFollow, .user(0))
        try await house.call(blocker, .userBlock, .user(other))

        let profile = try await house.call(blocker, .userGet, .user(other))["user"]?.object
        #expect(profile?["isBlocking"] == true)
        #expect(profile?["followerCount"] == 0)
        #expect(profile?["followingCount"] == 0)
        // Who is blocked is not told.
        let told = try await house.call(other, .userGet, .user(blocker))["user"]?.object
        #expect(told?["isBlocking"] == false)
        for person in 0...1 {
            #expect(await house.refusal(person, .userFollow, .user(1 - person)) == "blocked")
        }
        #expect(await house.refusal(1, .patternLike, .pattern()) == "blocked")
        #expect(await house.refusal(1, .commentCreate, words) == "blocked")
        let edit: JSON.Object = ["comment": try #require(comment), "text": "x"]
        #expect(await house.refusal(1, .commentUpdate, edit) == "blocked")
        words["parent"] = comment
        #expect(await house.refusal(0, .commentCreate, words) == "blocked")
        // What was there can be taken back.
        #expect(try await house.call(1, .patternUnlike, .pattern())["likeCount"] == 0)
        let list = try await house.call(0, .commentList, .pattern())["comments"]?.array
        #expect(list?.first?.object?["isHidden"] == .bool(blocker == 0))
        #expect(list?.first?.object?["text"] == (blocker == 0 ? "" : "hm"))

        let blocked = try await house.call(blocker, .userBlocked, [:])
        #expect(blocked["users"]?.array?.count == 1)
        try await house.call(blocker, .userUnblock, .user(other))
        #expect(await house.refusal(1, .patternLike, .pattern()) == nil)
        _ = try await house.stop { _ in }
    }

    @Test func `Somebody who is gone is nobody, and counts`() async throws {
        let house = try await SocialHouse(people: 3, administrators: [2])
        var words: JSON.Object = .pattern()
        words["text"] = "hm"
        try await house.call(1, .commentCreate, words)
        try await house.call(1, .patternLike, .pattern())
        try await house.call(1, .userFollow, .user(0))
        var ban: JSON.Object = .user(1)
        ban["isActive"] = false
        ban["reason"] = "spam"
        try await house.call(2, .adminSetActive, ban)
        #expect(await house.refusal(0, .userGet, .user(1)) == "notFound")
        let comments = try await house.call(0, .commentList, .pattern())["comments"]?.array
        #expect(comments?.first?.object?["user"] == .null)
        #expect(comments?.first?.object?["text"] == "hm")
        let likes = try await house.call(0, .patternLikes, .pattern())
        #expect(likes["users"]?.array?.isEmpty == true)
        let own = try await house.call(0, .userGet, .user(0))["user"]?.object
        #expect(own?["followerCount"] == 1)
        #expect(try await house.call(0, .patternLike, .pattern())["likeCount"] == 2)
        ban["isActive"] = true
        try await house.call(2, .adminSetActive, ban)
        #expect(await house.refusal(0, .userGet, .user(1)) == nil)
        _ = try await house.stop { _ in }
    }
}
