import CRDT
import Model
import Rooms
import Social
import Storage
import Wire

/// `pattern.create`.
struct CreatePattern: Command {
    /// Checked by the schema.
    let params: JSON.Object
    let catalogue: Catalogue

    /// Params of `pattern.get`. What was left out is as the caller likes it.
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let liked = try call.preferences(of: try call.account())
        let pattern = try NewPattern(
            params, catalogue: catalogue,
            defaults: NewPattern.Defaults(
                flavor: Flavor(rawValue: liked.defaultFlavor) ?? .salsa, bpm: liked.defaultBPM,
                keyNote: liked.defaultKeyNote))
        let document = pattern.document(catalogue: catalogue)
        return try call.make(
            document, isPublic: pattern.isPublic, original: nil, catalogue: catalogue)
    }
}

/// `pattern.fork`: a pattern of one's own that starts as another stands.
struct ForkPattern: Command {
    /// What it is called when nobody says: the original's title and this.
    static let titleSuffix = " (fork)"

    let original: Identifier
    let title: String?
    /// The original as its room has it: its row may lag. Nil when the caller might not see it.
    let document: Document?
    let catalogue: Catalogue

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: original, .fork)
        let patterns = PatternStore(call.connection)
        guard let record = try patterns.find(original) else { throw PatternAccess.noPattern }
        // It was published between the reading and now.
        guard let document else { throw WireError.busy }
        let row = CommitDraft.Row(of: document, catalogue: catalogue)
        // What it shows, and nothing of who wrote what.
        let copy = PatternView.document(
            title: title ?? Self.title(of: row.title), description: row.description,
            flavor: row.flavor, bpm: row.bpm, keyNote: row.keyNote,
            configuration: row.configuration, catalogue: catalogue)
        let answer = try call.make(
            copy, isPublic: record.isPublic, original: original, catalogue: catalogue)
        try patterns.countFork(of: original)
        effects.append(.countersChanged(original))
        try call.notices.tell(
            NewNotice(
                .fork, actor: try call.signedIn(), pattern: original,
                fork: answer["pattern"]?.string.flatMap { Identifier($0) }), to: record.owner)
        return answer
    }

    static func title(of original: String) -> String {
        let room = Limits.titleCharactersMax - titleSuffix.unicodeScalars.count
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: original.unicodeScalars.prefix(room))
        return String(scalars) + titleSuffix
    }
}

extension CallContext {
    /// A new pattern of the caller, with its room.
    fileprivate func make(
        _ document: Document, isPublic: Bool, original: Identifier?, catalogue: Catalogue
    ) throws -> JSON {
        try checkQuota(of: .patterns)
        let row = CommitDraft.Row(of: document, catalogue: catalogue)
        let id = newIdentifier()
        let record = PatternRecord(
            id: id, owner: try signedIn(), content: PatternContent(row), isPublic: isPublic,
            thumbnailURL: Thumbnail.path(of: id), original: original, createdMs: nowMs,
            publishedMs: isPublic ? nowMs : nil)
        try PatternStore(connection).insert(record)
        try RoomStore(connection).begin(
            id, epoch: epoch, snapshot: document.json.serialised(), nowMs: nowMs)
        try note(original == nil ? .patternCreated : .patternForked, of: id, by: record.owner)
        return ["pattern": .string(id.description)]
    }
}

extension CallContext {
    /// What others may hear of, in the transaction of what it tells of.
    func note(
        _ kind: ActivityRecord.Kind, of pattern: Identifier, by user: Identifier
    ) throws(DatabaseError) {
        try ActivityStore(connection).note(
            ActivityRecord(
                id: newIdentifier(), user: user, kind: kind, pattern: pattern, createdMs: nowMs))
    }
}

extension NewPattern {
    func document(catalogue: Catalogue) -> Document {
        Document(
            title: title, description: description, flavor: flavor, bpm: bpm, keyNote: keyNote,
            instruments: instruments?.map {
                Document.InitialInstrument(id: $0.id, values: $0.values)
            }, catalogue: catalogue)
    }
}

extension Shard {
    /// Reads the room first, away from the writer; what may be done is decided in the transaction.
    func forkPattern(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        let original = try reader.identifier("pattern")
        let title = try reader.optional("title", reader.text)
        let catalogue = services.catalogue
        try read(
            by: caller,
            { call -> Document? in
                guard try call.access(to: original)?.allows(.fork) == true else { return nil }
                return switch try LoadedRoom.read(original, from: call.connection) {
                case .room(let loaded): try loaded.history().document(catalogue: catalogue)
                case .roomMissing(let pattern, _): pattern.document(catalogue: catalogue)
                case .patternMissing: nil
                }
            },
            then: { shard, result in
                do throws(WireError) {
                    let command = ForkPattern(
                        original: original, title: title, document: try result.get(),
                        catalogue: catalogue)
                    try shard.writePattern(command, .patternFork, params, by: caller, reply)
                } catch {
                    shard.answer(reply, .failure(error))
                }
            })
    }
}
