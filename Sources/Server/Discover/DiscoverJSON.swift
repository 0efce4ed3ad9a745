import Model
import Storage

extension ListedPattern {
    /// `PatternSummary` of the methods' schemas.
    func json(for user: Identifier?) -> JSON {
        let role: Role = user == owner ? .owner : role ?? (user == nil ? .guest : .viewer)
        return [
            "id": .string(id.description), "userId": .string(owner.description),
            "ownerName": .string(ownerName), "title": .string(title),
            "description": .string(description), "flavor": .string(flavor),
            "bpm": .integer(bpm), "keyNote": .integer(keyNote), "isPublic": true,
            "role": .string(role.rawValue),
            "originalId": .orNull(original),
            "thumbnailUrl": .string(Thumbnail.path(of: id)),
            "playCount": .integer(playCount), "likeCount": .integer(likeCount),
            "commentCount": .integer(commentCount), "forkCount": .integer(forkCount),
            "createdAtMs": .integer(createdMs), "updatedAtMs": .integer(updatedMs),
            "publishedAtMs": .orNull(publishedMs),
        ]
    }
}
