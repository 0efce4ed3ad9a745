package import Model

/// A pattern as `pattern.get` and `pattern.create` give it: how it stands at one number of its
/// history. `Protocol/wire.md#methods`.
public struct Pattern: Hashable, Sendable, Identifiable {
    /// A UUID.
    public let id: String
    public let isPublic: Bool
    public let document: PatternDocument
    /// How many edits were accepted in this epoch.
    public let number: Int64
    public let epoch: Int64
    package let json: JSON

    package init?(json: JSON) {
        guard let pattern = json["pattern"] ?? Optional(json), let id = pattern["id"]?.string else {
            return nil
        }
        self.id = id
        self.json = pattern
        isPublic = pattern["isPublic"]?.bool ?? false
        number = pattern["number"]?.int ?? 0
        epoch = pattern["epoch"]?.int ?? 0
        document = PatternDocument(json: pattern.documentOfPattern)
    }
}

extension JSON {
    /// The document's members of a pattern in the shape of the data model.
    package var documentOfPattern: JSON {
        var document = JSON.Object()
        for name in ["title", "description", "flavor", "machines"] { document[name] = self[name] }
        return .object(document)
    }
}
