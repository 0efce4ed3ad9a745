package import Model

/// A row of `patterns`. While its room is open, the row may lag behind the room by a second.
package struct PatternRecord: Hashable, Sendable {
    package var id: Identifier
    package var owner: Identifier
    package var content: PatternContent
    package var isPublic: Bool
    package var thumbnailURL: String?
    /// What this is a fork of, while that exists.
    package var original: Identifier?
    package var playCount: Int64 = 0
    package var likeCount: Int64 = 0
    package var commentCount: Int64 = 0
    package var forkCount: Int64 = 0
    package var createdMs: Int64
    package var updatedMs: Int64
    package var publishedMs: Int64?
    package var deletedMs: Int64?

    package init(
        id: Identifier, owner: Identifier, content: PatternContent, isPublic: Bool,
        thumbnailURL: String? = nil, original: Identifier? = nil, createdMs: Int64,
        updatedMs: Int64? = nil, publishedMs: Int64? = nil, deletedMs: Int64? = nil
    ) {
        self.id = id
        self.owner = owner
        self.content = content
        self.isPublic = isPublic
        self.thumbnailURL = thumbnailURL
        self.original = original
        self.createdMs = createdMs
        self.updatedMs = updatedMs ?? createdMs
        self.publishedMs = publishedMs
        self.deletedMs = deletedMs
    }
}

/// The part of a pattern that only its room changes.
package struct PatternContent: Hashable, Sendable {
    /// 1 to 200 characters.
    package var title: String
    package var description: String?
    /// `Salsa` or `Merengue`.
    package var flavor: String
    /// 80 to 250.
    package var bpm: Int64
    /// 0 to 11.
    package var keyNote: Int64
    /// JSON text.
    package var configuration: String

    package init(
        title: String, description: String?, flavor: String, bpm: Int64, keyNote: Int64,
        configuration: String
    ) {
        self.title = title
        self.description = description
        self.flavor = flavor
        self.bpm = bpm
        self.keyNote = keyNote
        self.configuration = configuration
    }
}
