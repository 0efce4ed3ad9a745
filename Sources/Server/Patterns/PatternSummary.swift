import Model
import Social
import Storage

/// A pattern as one caller sees it in a list. `Protocol/patterns.md#pattern`.
struct PatternSummary: Sendable {
    var record: PatternRecord
    let ownerName: String
    let role: Role
    /// What it is a fork of, if the caller may see that.
    let original: Identifier?

    /// - Parameter role: nil for an administrator who may see it all the same.
    init(
        _ record: PatternRecord, ownerName: String, role: Role?, _ call: CallContext
    ) throws {
        self.record = record
        self.ownerName = ownerName
        self.role = role ?? .viewer
        original = try record.original.flatMap { original in
            try call.access(to: original)?.allows(.see) == true ? original : nil
        }
    }

    /// `PatternSummary` of the methods' schemas.
    var json: JSON.Object {
        [
            "id": .string(record.id.description), "userId": .string(record.owner.description),
            "ownerName": .string(ownerName), "title": .string(record.content.title),
            "description": .string(record.content.description ?? ""),
            "flavor": .string(record.content.flavor), "bpm": .integer(record.content.bpm),
            "keyNote": .integer(record.content.keyNote), "isPublic": .bool(record.isPublic),
            "role": .string(role.rawValue),
            "originalId": .orNull(original),
            "thumbnailUrl": .string(Thumbnail.path(of: record.id)),
            "playCount": .integer(record.playCount), "likeCount": .integer(record.likeCount),
            "commentCount": .integer(record.commentCount),
            "forkCount": .integer(record.forkCount),
            "createdAtMs": .integer(record.createdMs), "updatedAtMs": .integer(record.updatedMs),
            "publishedAtMs": .orNull(record.publishedMs),
        ]
    }
}
