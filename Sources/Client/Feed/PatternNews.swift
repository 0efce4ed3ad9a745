import Model
import Replica
import Wire

/// How a pattern fares. `Protocol/notifications.md#pattern-stream`.
public enum PatternNews: Hashable, Sendable {
    case counters(likes: Int64, comments: Int64, plays: Int64, forks: Int64)
    /// One was written, edited or deleted: JSON text, as in `comment.list`.
    case comment(String)
    /// It may not be seen, or no longer.
    case ended(code: String)

    fileprivate init?(_ news: StreamNews) {
        switch news {
        case .opened: return nil
        case .ended(let code, _): self = .ended(code: code)
        case .event(let event) where event.kind == .counters:
            func count(_ name: String) -> Int64 { event.data[name]?.int ?? 0 }
            self = .counters(
                likes: count("likeCount"), comments: count("commentCount"),
                plays: count("playCount"), forks: count("forkCount"))
        case .event(let event) where event.kind == .comment:
            guard let comment = event.data["comment"] else { return nil }
            self = .comment(String(decoding: comment.serialised(), as: UTF8.self))
        case .event: return nil
        }
    }
}

extension SalsaClient {
    /// News that wait for a slow reader of `news`; the newest stay.
    public static let newsBufferedMax = 64

    /// How a pattern fares, from now on: its counters as they stand, then every change.
    /// - Throws: `unreadable` for what is no pattern's id.
    public func news(of pattern: String) throws(ClientError) -> AsyncStream<PatternNews> {
        guard let id = Model.Identifier(pattern) else {
            throw .unreadable("\(pattern) is no pattern id: a UUID is")
        }
        return stream(.pattern(id), bufferedMax: Self.newsBufferedMax, missed: nil) {
            PatternNews($0)
        }
    }
}
