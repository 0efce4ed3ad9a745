import Model
import Replica
import Wire

/// A notice of one's inbox. `Protocol/notifications.md#notices`.
public struct InboxNotice: Hashable, Sendable {
    /// Its place: higher is newer.
    public let number: Int64
    /// `like`, `comment`, `reply`, `mention`, `fork`, `follow`, `invitation`, `joined` or `role`.
    public let kind: String
    public let isRead: Bool
    public let createdMs: Int64
    /// Nil when they are gone.
    public let actorID: String?
    public let actorName: String?
    public let patternID: String?
    public let patternTitle: String?
    public let commentID: String?
    /// How the comment begins.
    public let commentText: String?

    init(_ notice: Notice) {
        number = notice.number
        kind = notice.kind.rawValue
        isRead = notice.isRead
        let json = notice.json
        createdMs = json["createdAtMs"]?.int ?? 0
        actorID = json["actor"]?["id"]?.string
        actorName = json["actor"]?["displayName"]?.string
        patternID = json["pattern"]?["id"]?.string
        patternTitle = json["pattern"]?["title"]?.string
        commentID = json["comment"]?["id"]?.string
        commentText = json["comment"]?["text"]?.string
    }
}

/// An inbox at one moment.
public struct InboxState: Hashable, Sendable {
    /// Newest first, as far as they were listed.
    public let notices: [InboxNotice]
    /// All that are unread, also those that were not listed.
    public let unread: Int64
    /// The last event that this shows.
    public let number: Int64
    /// There are older notices: `Inbox.loadMore`.
    public let hasMore: Bool

    init(_ replica: InboxReplica) {
        notices = replica.notices.map(InboxNotice.init)
        unread = replica.unread
        number = replica.cursor.number
        hasMore = replica.next != nil
    }
}
