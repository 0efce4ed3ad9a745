import Model
import Social
import Testing

/// `Protocol/notifications.md#notices`
@Suite struct MentionTests {
    @Test func `A name may have several words, the longest is tried first`() {
        // The next word could be part of it, or the comma: whose name it is decides.
        #expect(
            MentionParser.candidates(in: "hola @Ana María Ruiz, ven") == [
                ["Ana María Ruiz, ven", "Ana María Ruiz,", "Ana María Ruiz", "Ana María", "Ana"]
            ])
    }

    @Test func `An address is no mention`() {
        #expect(MentionParser.candidates(in: "ana@example.org, a.@b, a_@b").isEmpty)
        #expect(MentionParser.candidates(in: "(@Bo)") == [["Bo)", "Bo"]])
        #expect(MentionParser.candidates(in: "@ Ana @").isEmpty)
    }

    @Test func `A name ends with the line, at the next name, and after so many words`() {
        #expect(MentionParser.candidates(in: "@Ana\nven") == [["Ana"]])
        #expect(MentionParser.candidates(in: "@Ana @Bo").first == ["Ana"])
        let words = MentionParser.candidates(in: "@a b c d e f").first
        #expect(words?.first == "a b c d")
        #expect(words?.count == Limits.mentionWordsMax)
    }

    @Test func `So many names are looked at, each once`() {
        let many = (0..<50).map { "@n\($0)!" }.joined(separator: "\n")
        #expect(MentionParser.candidates(in: many).count == Limits.mentionsMax)
        #expect(MentionParser.candidates(in: "@Ana\n@Ana").count == 1)
        let long = "@" + String(repeating: "x", count: Limits.displayNameCharactersMax)
        #expect(MentionParser.candidates(in: long).count == 1)
        #expect(MentionParser.candidates(in: long + "x").isEmpty)
    }
}

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

@Suite struct CoalescingTests {
    private func former(_ isRetracted: Bool, restores: Int64 = 0) -> Coalescing.Former {
        Coalescing.Former(number: 7, isRetracted: isRetracted, restores: restores)
    }

    @Test(arguments: [NoticeKind.like, .follow, .joined])
    func `Flapping makes one notice`(_ kind: NoticeKind) {
        #expect(Coalescing.decide(kind, former: nil) == .add)
        #expect(Coalescing.decide(kind, former: former(false)) == .nothing)
        #expect(Coalescing.decide(kind, former: former(true)) == .restore(7))
        let often = former(true, restores: Int64(Limits.noticeRestoresMax))
        #expect(Coalescing.decide(kind, former: often) == .nothing)
    }

    @Test func `What is offered now replaces what was offered; comments and forks are each new`() {
        for kind in [NoticeKind.invitation, .role] {
            #expect(Coalescing.decide(kind, former: former(false)) == .replace(7))
            #expect(Coalescing.decide(kind, former: former(true)) == .add)
        }
        for kind in [NoticeKind.comment, .reply, .mention, .fork] {
            #expect(Coalescing.decide(kind, former: former(false)) == .add)
        }
    }
}

@Suite struct NoticeGroupsTests {
    private static func id(_ number: UInt64) -> Identifier { Identifier(high: 1, low: number) }

    private static func item(
        _ number: Int64, _ kind: NoticeKind, _ actor: UInt64?, _ pattern: UInt64?,
        isRead: Bool = false
    ) -> NoticeItem {
        NoticeItem(
            number: number, kind: kind, actor: actor.map(id), pattern: pattern.map(id),
            isRead: isRead)
    }

    @Test func `Ana and 41 others`() {
        var items = (1...41).reversed().map { Self.item(Int64($0), .like, UInt64($0), 9) }
        items.insert(Self.item(50, .like, 99, 9), at: 0)
        let groups = NoticeGroups.groups(of: items)
        #expect(groups.count == 1)
        #expect(groups[0].count == 42)
        #expect(groups[0].actorCount == 42)
        #expect(groups[0].newest.number == 50)
        #expect(groups[0].actors == [Self.id(99), Self.id(41), Self.id(40)])
    }

    @Test func `By kind, pattern and whether it is read; people who are gone count as notices`() {
        let groups = NoticeGroups.groups(of: [
            Self.item(9, .like, 1, 1), Self.item(8, .like, 1, 2), Self.item(7, .comment, 1, 1),
            Self.item(6, .comment, 1, 1), Self.item(5, .like, nil, 1),
            Self.item(4, .like, 2, 1, isRead: true), Self.item(3, .invitation, 1, 1),
            Self.item(2, .invitation, 1, 1), Self.item(1, .follow, 3, nil),
        ])
        #expect(groups.map(\.newest.number) == [9, 8, 7, 4, 3, 2, 1])
        #expect(groups.map(\.count) == [2, 1, 2, 1, 1, 1, 1])
        #expect(groups.map(\.actorCount) == [1, 1, 1, 1, 1, 1, 1])
    }
}
