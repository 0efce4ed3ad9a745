import Model
import Wire

extension Shard {
    /// The streams that a user, or a guest (nil), can open. Nil for one that is not opened so.
    static func source(of name: StreamName, for user: Identifier?) -> (any StreamSource)? {
        switch (name, user) {
        case (.inbox, let user?): InboxSource(user: user)
        case (.feed, let user?): FeedSource(user: user)
        case (.pattern(let pattern), _): PatternSource(pattern: pattern, user: user)
        case (.inbox, nil), (.feed, nil), (.room, _): nil
        }
    }
}
