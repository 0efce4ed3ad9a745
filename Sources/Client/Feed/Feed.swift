import Model
import Replica
import Wire

/// What the people do whom one follows: pages that are read when asked for, and what happens from
/// now on, over every loss of the network or restart of the server, each act once.
/// `Protocol/notifications.md#feed`.
///
///     for await change in client.feed.changes { ... }
public struct Feed: Sendable {
    /// Changes that wait for a slow reader; when there are more, it finds `missed`.
    public static let changesBufferedMax = 256

    private let client: SalsaClient

    init(client: SalsaClient) {
        self.client = client
    }

    /// One page, newest first.
    /// - Parameter cursor: `next` of the page before; nil for the newest.
    public func page(after cursor: String? = nil) async throws(ClientError) -> FeedPage {
        var params: JSON.Object = [:]
        if let cursor { params["cursor"] = .string(cursor) }
        return FeedPage(json: try await client.call(.feedList, params))
    }

    /// What happens from now on.
    public var changes: AsyncStream<FeedChange> {
        client.stream(.feed, bufferedMax: Self.changesBufferedMax, missed: .missed) { news in
            switch news {
            case .opened(let opening): opening.recovered ? nil : .missed
            case .event(let event): .activity(FeedActivity(json: event.data))
            case .ended: nil
            }
        }
    }
}

/// What happens in a feed.
public enum FeedChange: Hashable, Sendable {
    case activity(FeedActivity)
    /// The stream begins here, or something is missing: list again to have it all.
    case missed
}

/// An act of somebody. `Protocol/notifications.md#feed`.
public struct FeedActivity: Hashable, Sendable {
    /// Its place in the order of all acts.
    public let number: Int64
    /// `pattern_created`, `pattern_published`, `pattern_forked`, `pattern_liked`,
    /// `user_followed` or `comment_created`.
    public let kind: String
    public let createdMs: Int64
    public let actorID: String
    public let actorName: String
    public let patternID: String?
    public let patternTitle: String?
    /// Who was followed.
    public let userID: String?
    public let userName: String?
    /// How the comment begins.
    public let commentText: String?

    init(json: JSON) {
        number = json["number"]?.int ?? 0
        kind = json["kind"]?.string ?? ""
        createdMs = json["createdAtMs"]?.int ?? 0
        actorID = json["actor"]?["id"]?.string ?? ""
        actorName = json["actor"]?["displayName"]?.string ?? ""
        patternID = json["pattern"]?["id"]?.string
        patternTitle = json["pattern"]?["title"]?.string
        userID = json["user"]?["id"]?.string
        userName = json["user"]?["displayName"]?.string
        commentText = json["comment"]?["text"]?.string
    }
}

/// A page of a feed.
public struct FeedPage: Hashable, Sendable {
    /// Newest first.
    public let activities: [FeedActivity]
    /// Where the next page begins; nil at the end.
    public let next: String?

    init(json: JSON) {
        activities = (json["activities"]?.array ?? []).map(FeedActivity.init)
        next = json["next"]?.string
    }
}

extension SalsaClient {
    /// What the people do whom one follows.
    public var feed: Feed { Feed(client: self) }
}
