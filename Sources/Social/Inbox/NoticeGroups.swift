package import Model

/// Notices as people read them: "Ana and 41 others liked Rumba".
/// `Protocol/notifications.md#lists`.
package enum NoticeGroups {
    package struct Group: Hashable, Sendable {
        /// Its newest.
        package let newest: NoticeItem
        /// Notices in it.
        package var count = 1
        /// The latest different ones, at most `Limits.groupActorsMax`.
        package var actors: [Identifier] = []
        /// All different ones; the notices of people who were erased have none.
        package var actorCount = 0

        init(_ newest: NoticeItem) {
            self.newest = newest
        }
    }

    private struct Key: Hashable {
        let kind: NoticeKind
        let pattern: Identifier?
        let isRead: Bool
        /// Of what is not grouped.
        let number: Int64?
    }

    /// - Parameter items: newest first.
    /// - Returns: groups in the order of their newest.
    package static func groups(of items: [NoticeItem]) -> [Group] {
        var groups: [Group] = []
        var places: [Key: Int] = [:]
        var seen: [Set<Identifier>] = []
        for item in items {
            let isAlone = item.kind == .invitation || item.kind == .role
            let key = Key(
                kind: item.kind, pattern: item.pattern, isRead: item.isRead,
                number: isAlone ? item.number : nil)
            let place: Int
            if let known = places[key] {
                place = known
                groups[place].count += 1
            } else {
                place = groups.count
                places[key] = place
                groups.append(Group(item))
                seen.append([])
            }
            guard let actor = item.actor, seen[place].insert(actor).inserted else { continue }
            groups[place].actorCount += 1
            if groups[place].actors.count < Limits.groupActorsMax {
                groups[place].actors.append(actor)
            }
        }
        return groups
    }
}
