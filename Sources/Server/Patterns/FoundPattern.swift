import Model
import Rooms
import Social
import Storage
import Wire

/// A pattern as one caller sees it, whole.
struct FoundPattern: Sendable {
    var summary: PatternSummary
    var head: (epoch: Int64, number: Int64)
    /// Nil for a guest.
    let isLiked: Bool?

    /// - Throws: `WireError` to who may not see it.
    static func read(_ id: Identifier, _ call: CallContext) throws -> FoundPattern {
        guard let access = try call.access(to: id),
            let record = try PatternStore(call.connection).find(id),
            let ownerName = try PatternStore(call.connection).ownerName(of: id)
        else { throw PatternAccess.noPattern }
        try access.require(.see)
        return FoundPattern(
            summary: try PatternSummary(
                record, ownerName: ownerName, role: access.role, call),
            head: try RoomStore(call.connection).head(id) ?? (call.epoch, 0),
            isLiked: try call.user.map { try LikeStore(call.connection).isLiked(id, by: $0) })
    }

    /// `Pattern` of the methods' schemas.
    var json: JSON {
        var object = summary.json
        let configuration =
            (try? JSON.parse(Array(summary.record.content.configuration.utf8), limits: .trusted))
            ?? .null
        object["configuration"] = ["instruments": configuration["instruments"] ?? .array([])]
        object["machines"] = configuration["machines"] ?? .object([:])
        object["epoch"] = .integer(head.epoch)
        object["number"] = .integer(head.number)
        if let isLiked { object["isLiked"] = .bool(isLiked) }
        return .object(object)
    }
}

extension PatternContent {
    init(_ row: CommitDraft.Row) {
        self.init(
            title: row.title, description: row.description.isEmpty ? nil : row.description,
            flavor: row.flavor.rawValue, bpm: row.bpm, keyNote: row.keyNote,
            configuration: String(decoding: row.configuration.serialised(), as: UTF8.self))
    }
}
