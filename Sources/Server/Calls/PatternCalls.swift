import CRDT
import Model
import Rooms
import Social
import Storage
import Wire

/// `pattern.create` and `pattern.get`.
extension Shard {
    /// The pattern as it is now, whether this call or an earlier one with its `opId` made it.
    func createPattern(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let command = CreatePattern(
            pattern: try NewPattern(params, catalogue: services.catalogue),
            catalogue: services.catalogue)
        try write(command, .patternCreate, params, by: caller, reply) { shard, reply, answer in
            do throws(WireError) {
                guard case .object(let made) = answer else { throw Self.noPattern }
                try shard.getPattern(made, for: caller, reply)
            } catch {
                shard.answer(reply, .failure(error))
            }
        }
    }

    /// Read from its row, and from its room while that is open: the row may lag.
    func getPattern(
        _ params: JSON.Object, for caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let id = try Params(params).identifier("pattern")
        let user = caller.holder?.user
        let isReading = services.reader.read(
            { try FoundPattern.read(id, from: $0) },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(.some(let found)) where found.record.isVisible(to: user):
                        shard.answer(reply, found)
                    case .success: shard.answer(reply, .failure(Self.noPattern))
                    case .failure(let error):
                        shard.answer(reply, .failure(shard.unexpected(error)))
                    }
                }
            })
        if !isReading { throw .busy }
    }

    /// The home of its room knows it best.
    private func answer(_ reply: Reply, _ found: FoundPattern) {
        shards[home(of: found.record.id)].post { home in
            home.answer(reply, .json(["pattern": home.current(found)]))
        }
    }

    private func current(_ found: FoundPattern) -> JSON {
        guard case .open(let host)? = rooms[found.record.id] else {
            return found.record.json(
                epoch: found.head?.epoch ?? services.epoch, number: found.head?.number ?? 0)
        }
        var record = found.record
        record.content = PatternContent(host.room.row)
        return record.json(epoch: host.room.epoch, number: host.room.committed.number)
    }

    static var noPattern: WireError {
        WireError(.notFound, "no such pattern")
    }
}

private struct CreatePattern: Command {
    let pattern: NewPattern
    let catalogue: Catalogue

    /// Params of `pattern.get`.
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let record = PatternRecord(
            pattern, id: call.newIdentifier(), owner: try call.signedIn(), nowMs: call.nowMs,
            catalogue: catalogue)
        try PatternStore(call.connection).insert(record)
        try RoomStore(call.connection).begin(
            record.id, epoch: call.epoch,
            snapshot: pattern.document(catalogue: catalogue).json.serialised(), nowMs: call.nowMs)
        try ActivityStore(call.connection).note(
            ActivityRecord(
                id: call.newIdentifier(), user: record.owner, kind: .patternCreated,
                pattern: record.id, createdMs: call.nowMs))
        return ["pattern": .string(record.id.description)]
    }
}

private struct FoundPattern: Sendable {
    let record: PatternRecord
    let head: (epoch: Int64, number: Int64)?

    static func read(
        _ id: Identifier, from connection: any Connection
    ) throws -> FoundPattern? {
        try PatternStore(connection).find(id).map {
            FoundPattern(record: $0, head: try RoomStore(connection).head(id))
        }
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

extension PatternRecord {
    init(
        _ pattern: NewPattern, id: Identifier, owner: Identifier, nowMs: Int64,
        catalogue: Catalogue
    ) {
        let row = CommitDraft.Row(
            of: pattern.document(catalogue: catalogue), catalogue: catalogue)
        self.init(
            id: id, owner: owner, content: PatternContent(row), isPublic: pattern.isPublic,
            createdMs: nowMs, publishedMs: pattern.isPublic ? nowMs : nil)
    }

    func isVisible(to user: Identifier?) -> Bool {
        let facts = PatternFacts(
            owner: owner, isPublic: isPublic, isDeleted: deletedMs != nil, isRemoved: false,
            isOwnerAway: false)
        return PatternAccess(facts, user: user, role: nil).allows(.see)
    }

    /// `Protocol/wire.md#methods`.
    func json(epoch: Int64, number: Int64) -> JSON {
        let configuration =
            (try? JSON.parse(Array(content.configuration.utf8), limits: .trusted)) ?? .null
        return [
            "id": .string(id.description), "userId": .string(owner.description),
            "title": .string(content.title), "description": .string(content.description ?? ""),
            "flavor": .string(content.flavor), "bpm": .integer(content.bpm),
            "keyNote": .integer(content.keyNote), "isPublic": .bool(isPublic),
            "configuration": ["instruments": configuration["instruments"] ?? .array([])],
            "machines": configuration["machines"] ?? .object([:]),
            "createdAtMs": .integer(createdMs), "updatedAtMs": .integer(updatedMs),
            "epoch": .integer(epoch), "number": .integer(number),
        ]
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
