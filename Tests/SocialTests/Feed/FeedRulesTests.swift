import Model
import Social
import Testing

/// `Protocol/notifications.md#feed`
@Suite struct FeedRulesTests {
    private static func access(
        isPublic: Bool = true, isAdministrator: Bool = false
    ) -> PatternAccess {
        PatternAccess(
            PatternFacts(
                owner: Identifier(high: 1, low: 1), isPublic: isPublic, isDeleted: false,
                isRemoved: false, isOwnerAway: false),
            user: Identifier(high: 2, low: 2), role: nil, isAdministrator: isAdministrator)
    }

    private static let shown = FeedRules.Facts(
        isActorGone: false, pattern: access(), needsPattern: true, isTargetGone: false,
        isCommentDeleted: false, isBlocked: false)

    @Test func `One reason is enough to leave an act out`() {
        #expect(FeedRules.isShown(Self.shown))
        let reasons: [WritableKeyPath<FeedRules.Facts, Bool>] = [
            \.isActorGone, \.isTargetGone, \.isCommentDeleted, \.isBlocked,
        ]
        for reason in reasons {
            var facts = Self.shown
            facts[keyPath: reason] = true
            #expect(!FeedRules.isShown(facts), "\(reason)")
        }
    }

    @Test func `An act about a pattern is shown to who may see it as a person`() {
        var facts = Self.shown
        facts.pattern = Self.access(isPublic: false)
        #expect(!FeedRules.isShown(facts))
        facts.pattern = Self.access(isPublic: false, isAdministrator: true)
        #expect(!FeedRules.isShown(facts))
        facts.pattern = nil
        #expect(!FeedRules.isShown(facts))
        facts.needsPattern = false
        #expect(FeedRules.isShown(facts))
    }
}
