import Model
import Storage

extension PersonRecord {
    /// `Profile` and `User` of `Protocol/wire.md#methods` begin with these.
    var json: JSON.Object {
        [
            "id": .string(id.description), "displayName": .string(displayName),
            "avatarUrl": .orNull(avatarURL),
        ]
    }
}

extension ListedPerson {
    var json: JSON {
        var object = person.json
        object["sinceMs"] = .integer(bound.createdMs)
        return .object(object)
    }
}

extension ListedComment {
    /// As one reader sees it. `Protocol/social.md#comments`, `Protocol/social.md#blocks`.
    var json: JSON {
        let isDeleted = comment.deletedMs != nil
        let isNobodys = isDeleted || isHidden || author.isGone
        return [
            "id": .string(comment.id.description),
            "pattern": .string(comment.pattern.description),
            "parent": .orNull(comment.parent),
            "user": isNobodys ? .null : .object(author.json),
            "text": .string(isHidden ? "" : comment.text),
            "isEdited": .bool(comment.isEdited && !isDeleted), "isDeleted": .bool(isDeleted),
            "isHidden": .bool(isHidden && !isDeleted), "replyCount": .integer(replyCount),
            "createdAtMs": .integer(comment.createdMs),
            "updatedAtMs": .integer(comment.updatedMs),
        ]
    }
}
