import Model
import Social
import Storage
import Wire

/// `pattern.like` and `pattern.unlike`. `Protocol/social.md#likes`.
struct SetLike: Command {
    let pattern: Identifier
    let isLiked: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try call.requireAccess(to: pattern, isLiked ? .like : .withdraw)
        let likes = LikeStore(call.connection)
        let isChanged =
            if isLiked {
                try likes.like(pattern, by: user, id: call.newIdentifier(), nowMs: call.nowMs)
            } else {
                try likes.unlike(pattern, by: user)
            }
        if isChanged { effects.append(.countersChanged(pattern)) }
        if isChanged, let owner = try call.owner(of: pattern) {
            let notice = NewNotice(.like, actor: user, pattern: pattern)
            if isLiked {
                try call.notices.tell(notice, to: owner)
            } else {
                try call.notices.takeBack(notice, from: owner)
            }
        }
        return [
            "isLiked": .bool(isLiked), "likeCount": .integer(try likes.count(of: pattern)),
        ]
    }
}

/// `pattern.likes`.
struct ListLikes: Query {
    let pattern: Identifier
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .see)
        return try LikeStore(call.connection)
            .people(liking: pattern, after: try page.bound(call), limit: page.limit)
            .json("users", page, call, \.json)
    }
}
