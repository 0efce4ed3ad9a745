/// Which acts somebody's feed shows. `Protocol/notifications.md#feed`.
package enum FeedRules {
    /// What decides about one act and one reader.
    package struct Facts: Hashable, Sendable {
        /// Deactivated, banned or deleted.
        package var isActorGone: Bool
        /// Nil for an act that is about no pattern, or one that is gone.
        package var pattern: PatternAccess?
        /// Whether it should be about a pattern.
        package var needsPattern: Bool
        /// Whether who was followed is there, and gone.
        package var isTargetGone: Bool
        /// The comment it tells of was deleted.
        package var isCommentDeleted: Bool
        /// Between the reader and the pattern's owner, or who was followed.
        package var isBlocked: Bool

        package init(
            isActorGone: Bool, pattern: PatternAccess?, needsPattern: Bool, isTargetGone: Bool,
            isCommentDeleted: Bool, isBlocked: Bool
        ) {
            self.isActorGone = isActorGone
            self.pattern = pattern
            self.needsPattern = needsPattern
            self.isTargetGone = isTargetGone
            self.isCommentDeleted = isCommentDeleted
            self.isBlocked = isBlocked
        }
    }

    package static func isShown(_ facts: Facts) -> Bool {
        if facts.isActorGone || facts.isTargetGone || facts.isBlocked || facts.isCommentDeleted {
            return false
        }
        guard facts.needsPattern else { return true }
        // An administrator's feed is a person's.
        guard let pattern = facts.pattern else { return false }
        return Permissions.allows(.see, pattern.standing, in: pattern.state)
    }
}
