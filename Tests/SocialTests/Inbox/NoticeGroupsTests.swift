import Model
import Social
import Testing

/// `Protocol/notifications.md#lists`
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
