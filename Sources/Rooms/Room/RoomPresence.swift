package import Model
package import Wire

/// Who is here and what they touch: server-owned keys, merged, at most one message per pace.
/// `Protocol/rooms.md#presence`.
extension Room {
    struct PresenceChanges {
        var joined: Set<MemberNumber> = []
        var left: [MemberNumber] = []
        /// Known already, by another name.
        var renamed: Set<MemberNumber> = []
        var touching: [MemberNumber: String?] = [:]
        /// Somebody who was not listed came or went.
        var isCountStale = false

        var isEmpty: Bool {
            joined.isEmpty && left.isEmpty && renamed.isEmpty && touching.isEmpty
                && !isCountStale
        }
    }

    /// - Parameter pointer: a field or an instrument, or nil for a hand that let go.
    package mutating func touch(
        _ pointer: String?, by number: MemberNumber
    ) throws(WireError) {
        guard let member = members[number] else {
            throw WireError.notJoined
        }
        var path: String?
        if let pointer {
            switch try EditReader(catalogue: catalogue).documentPath(pointer) {
            case .field(let field): path = field.description
            case .instrument(let instrument): path = instrument.description
            }
        }
        guard member.touching != path else { return }
        members[number]?.touching = path
        if member.isListed, !presence.joined.contains(number) {
            presence.touching[number] = .some(path)
        }
    }

    /// Somebody is called something else from now on.
    package mutating func rename(_ user: Identifier, to name: String) {
        for (number, member) in members where member.participant.user == user {
            guard member.participant.name != name else { continue }
            members[number]?.participant.name = name
            if member.isListed { presence.renamed.insert(number) }
        }
    }

    /// Everybody, for a member that may have missed changes.
    var wholePresence: PresenceUpdate {
        PresenceUpdate(count: members.count, joined: listedMembers, isWhole: true)
    }

    var presenceDeadline: Duration? {
        guard !presence.isEmpty else { return nil }
        return presenceAt.map { $0 + presencePace } ?? .zero
    }

    private var presencePace: Duration {
        .milliseconds(Limits.presencePaceMs + members.count)
    }

    mutating func broadcastPresence(now: Duration) {
        presenceAt = now
        let joined = presence.joined.union(presence.renamed).sorted()
            .compactMap { members[$0] }.filter(\.isListed)
        let update = PresenceUpdate(
            count: members.count, joined: joined.map(\.wire), left: presence.left,
            touching: presence.touching)
        presence = PresenceChanges()
        let audience = currentAudience.all
        guard !audience.isEmpty else { return }
        effects.append(
            .broadcast(
                event(.presence, data: update.json).bytes, to: audience, isDroppable: true))
    }
}
