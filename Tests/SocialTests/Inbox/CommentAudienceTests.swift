import Model
import Social
import Testing

/// `Protocol/notifications.md#notices`
@Suite struct CommentAudienceTests {
    private static func id(_ number: UInt64) -> Identifier { Identifier(high: 1, low: number) }

    @Test func `One comment tells nobody twice, and not its author`() {
        let (ana, bo, eva) = (Self.id(1), Self.id(2), Self.id(3))
        func kinds(
            author: Identifier, owner: Identifier, answered: Identifier?,
            mentioned: [Identifier] = []
        ) -> [String] {
            CommentAudience.notices(
                author: author, owner: owner, answered: answered, mentioned: mentioned
            ).map { "\($0.user.low) \($0.kind)" }
        }
        #expect(kinds(author: ana, owner: bo, answered: nil) == ["2 comment"])
        #expect(kinds(author: ana, owner: ana, answered: nil) == [])
        #expect(kinds(author: ana, owner: bo, answered: bo) == ["2 reply"])
        #expect(kinds(author: ana, owner: bo, answered: eva) == ["3 reply", "2 comment"])
        #expect(
            kinds(author: ana, owner: bo, answered: eva, mentioned: [bo, eva, ana, bo])
                == ["3 reply", "2 mention"])
    }
}
