import Model
import Storage
import Wire

/// How much one person may make of a kind: the rate of writes alone would let one account fill the
/// disk in some weeks. `Protocol/limits.md#people`.
extension CallContext {
    private static let dayMs: Int64 = 86_400_000

    /// - Throws: `limit` when the caller has as many as one may.
    func checkQuota(of kind: QuotaStore.Kind) throws {
        let (countMax, sinceMs, what) =
            switch kind {
            case .patterns: (Limits.patternsPerUserMax, Int64.min, "patterns, deleted ones too")
            case .comments:
                (Limits.commentsPerDayMax, nowMs - Self.dayMs, "comments in 24 hours")
            case .follows: (Limits.followsPerUserMax, Int64.min, "people whom one follows")
            case .blocks: (Limits.blocksPerUserMax, Int64.min, "people whom one has blocked")
            }
        let isUsedUp = try QuotaStore(connection)
            .isUsedUp(kind, of: try signedIn(), countMax: countMax, sinceMs: sinceMs)
        guard !isUsedUp else {
            throw WireError(.limit, "too many of one person", allowed: "\(countMax) \(what)")
        }
    }
}
