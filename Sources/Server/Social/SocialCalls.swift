import Model
import Wire

/// Likes, comments, follows, blocks and profiles. `Protocol/social.md`.
enum SocialCalls {
    /// Nil for a method of another kind.
    static func call(
        _ method: Wire.Method, _ params: JSON.Object
    ) throws(WireError) -> MethodCall? {
        let reader = Params(params)
        switch method {
        case .patternLike:
            return .write(SetLike(pattern: try reader.identifier("pattern"), isLiked: true))
        case .patternUnlike:
            return .write(SetLike(pattern: try reader.identifier("pattern"), isLiked: false))
        case .patternLikes:
            return .read(
                ListLikes(
                    pattern: try reader.identifier("pattern"),
                    page: try PageRequest(params, of: method)))
        case .commentCreate:
            return .write(
                CreateComment(
                    pattern: try reader.identifier("pattern"), text: try text(reader),
                    parent: try reader.optional("parent", reader.identifier)))
        case .commentUpdate:
            return .write(
                UpdateComment(comment: try reader.identifier("comment"), text: try text(reader)))
        case .commentDelete:
            return .write(DeleteComment(comment: try reader.identifier("comment")))
        case .commentList:
            return .read(
                ListComments(
                    pattern: try reader.identifier("pattern"),
                    page: try PageRequest(params, of: method)))
        case .commentReplies:
            return .read(
                ListReplies(
                    comment: try reader.identifier("comment"),
                    page: try PageRequest(params, of: method)))
        case .userGet:
            return .read(GetProfile(user: try reader.identifier("user")))
        case .userFollow:
            return .write(SetFollow(target: try reader.identifier("user"), isFollowing: true))
        case .userUnfollow:
            return .write(SetFollow(target: try reader.identifier("user"), isFollowing: false))
        case .userFollowers:
            return .read(
                ListFollows(
                    user: try reader.identifier("user"), direction: .followers,
                    page: try PageRequest(params, of: method)))
        case .userFollowing:
            return .read(
                ListFollows(
                    user: try reader.identifier("user"), direction: .following,
                    page: try PageRequest(params, of: method)))
        case .userBlock:
            return .write(SetBlock(target: try reader.identifier("user"), isBlocking: true))
        case .userUnblock:
            return .write(SetBlock(target: try reader.identifier("user"), isBlocking: false))
        case .userBlocked:
            return .read(ListBlocked(page: try PageRequest(params, of: method)))
        default: return nil
        }
    }

    private static func text(_ reader: Params) throws(WireError) -> String {
        try reader.text("text")
    }
}
