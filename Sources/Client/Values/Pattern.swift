package import Model

/// A pattern as it stands at one number of its history. `Protocol/wire.md#methods`.
public struct Pattern: Decodable, Hashable, Sendable, Identifiable {
    /// What lists show of it.
    public let summary: PatternSummary
    public let document: PatternDocument
    /// How many edits were accepted in this epoch.
    public let number: Int64
    public let epoch: Int64
    package let json: JSON

    /// A UUID.
    public var id: String { summary.id }
    public var isPublic: Bool { summary.isPublic }

    private enum CodingKeys: CodingKey {
        case number, epoch
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        number = try members.decode(Int64.self, forKey: .number)
        epoch = try members.decode(Int64.self, forKey: .epoch)
        summary = try PatternSummary(from: decoder)
        json = try JSON(from: decoder)
        document = PatternDocument(json: json.documentOfPattern)
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
