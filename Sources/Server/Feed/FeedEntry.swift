import Model
import Social
import Storage

/// An act as those who follow its author see it. `Protocol/notifications.md#feed`.
struct FeedEntry: Sendable {
    let record: FeedRecord

    /// Nil when `reader` may not see it.
    init?(_ record: FeedRecord, for reader: Identifier) {
        let access = record.pattern.map {
            PatternAccess($0.facts, user: reader, role: $0.role, isBlocked: $0.isBlocked)
        }
        let facts = FeedRules.Facts(
            isActorGone: record.actor.isGone, pattern: access,
            needsPattern: record.kind != .userFollowed,
            isTargetGone: record.kind == .userFollowed && record.target?.person.isGone != false,
            isCommentDeleted: record.comment?.isDeleted ?? (record.kind == .commentCreated),
            isBlocked: record.pattern?.isBlocked == true || record.target?.isBlocked == true)
        guard FeedRules.isShown(facts) else { return nil }
        self.record = record
    }

    /// For whoever it is published to.
    init(published record: FeedRecord) {
        self.record = record
    }

    /// `Activity` of the methods' schemas.
    var json: JSON {
        var object: JSON.Object = [
            "number": .integer(record.number), "kind": .string(record.kind.rawValue),
            "createdAtMs": .integer(record.createdMs), "actor": .object(record.actor.json),
        ]
        if let pattern = record.pattern {
            object["pattern"] = [
                "id": .string(pattern.id.description), "title": .string(pattern.title),
                "ownerName": .string(pattern.ownerName),
            ]
        }
        if let target = record.target { object["user"] = .object(target.person.json) }
        if let comment = record.comment {
            var text = String.UnicodeScalarView()
            text.append(
                contentsOf: comment.text.unicodeScalars.prefix(Limits.noticeTextCharactersMax))
            object["comment"] = [
                "id": .string(comment.id.description), "text": .string(String(text)),
            ]
        }
        return .object(object)
    }
}

extension FeedRecord.AboutPattern {
    var facts: PatternFacts {
        PatternFacts(
            owner: owner, isPublic: isPublic, isDeleted: isDeleted, isRemoved: isRemoved,
            isOwnerAway: isOwnerAway)
    }
}
