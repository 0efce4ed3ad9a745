import Model
import Social
import Storage
import Wire

/// `user.follow` and `user.unfollow`. `Protocol/social.md#follows`.
struct SetFollow: Command {
    let target: Identifier
    let isFollowing: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try PeopleRules.checkOther(target, than: user)
        effects.append(.relationsChanged(user))
        let follows = FollowStore(call.connection)
        if isFollowing {
            _ = try call.person(target)
            guard try !BlockStore(call.connection).isBetween(user, target) else {
                throw PeopleRules.blocked("/user")
            }
            if try !follows.isFollowing(target, by: user) {
                try call.checkQuota(of: .follows)
            }
            if try follows.follow(
                target, by: user, id: call.newIdentifier(), nowMs: call.nowMs)
            {
                try call.notices.tell(NewNotice(.follow, actor: user), to: target)
            }
        } else if try follows.unfollow(target, by: user) {
            try call.notices.takeBack(NewNotice(.follow, actor: user), from: target)
        }
        return ["isFollowing": .bool(isFollowing)]
    }
}

/// `user.block` and `user.unblock`. `Protocol/social.md#blocks`.
struct SetBlock: Command {
    let target: Identifier
    let isBlocking: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try PeopleRules.checkOther(target, than: user)
        effects += [.relationsChanged(user), .relationsChanged(target)]
        let blocks = BlockStore(call.connection)
        if isBlocking {
            _ = try call.person(target)
            if try !blocks.isBlocked(target, by: user) { try call.checkQuota(of: .blocks) }
            effects += try blocks.block(target, by: user, nowMs: call.nowMs)
                .map { .accessChanged($0) }
            try call.notices.part(user, target)
        } else {
            try blocks.unblock(target, by: user)
        }
        return ["isBlocking": .bool(isBlocking)]
    }
}

/// `user.blocked`.
struct ListBlocked: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try BlockStore(call.connection)
            .blocked(by: try call.signedIn(), after: try page.bound(call), limit: page.limit)
            .json("users", page, call, \.json)
    }
}

/// `user.followers` and `user.following`.
struct ListFollows: Query {
    enum Direction {
        case followers, following
    }

    let user: Identifier
    let direction: Direction
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        _ = try call.person(user)
        let follows = FollowStore(call.connection)
        let people =
            switch direction {
            case .followers:
                try follows.followers(of: user, after: try page.bound(call), limit: page.limit)
            case .following:
                try follows.following(by: user, after: try page.bound(call), limit: page.limit)
            }
        return people.json("users", page, call, \.json)
    }
}

/// `user.get`. `Protocol/social.md#profiles`.
struct GetProfile: Query {
    let user: Identifier

    func answer(_ call: CallContext) throws -> JSON {
        guard let profile = try ProfileStore(call.connection).profile(user),
            !profile.person.isGone
        else { throw PeopleRules.noUser() }
        var object = profile.person.json
        object["bio"] = .orNull(profile.bio)
        object["createdAtMs"] = .integer(profile.createdMs)
        object["followerCount"] = .integer(profile.followerCount)
        object["followingCount"] = .integer(profile.followingCount)
        object["publicPatternCount"] = .integer(profile.publicPatternCount)
        if let reader = call.user, reader != user {
            let follows = FollowStore(call.connection)
            object["isFollowing"] = .bool(try follows.isFollowing(user, by: reader))
            object["isFollower"] = .bool(try follows.isFollowing(reader, by: user))
            object["isBlocking"] = .bool(
                try BlockStore(call.connection).isBlocked(user, by: reader))
        }
        return ["user": .object(object)]
    }
}

extension CallContext {
    /// Somebody who is not gone.
    func person(_ id: Identifier, path: String = "/user") throws -> PersonRecord {
        guard let person = try ProfileStore(connection).person(id), !person.isGone else {
            throw PeopleRules.noUser(path)
        }
        return person
    }
}
