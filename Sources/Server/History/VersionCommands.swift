import CRDT
import Model
import Rooms
import Social
import Storage
import Wire

/// `version.create`: of the document as it is on the disk, or as it was after an entry.
struct CreateVersion: Command {
    let pattern: Identifier
    let name: String
    let number: Int64?

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .nameVersions)
        let versions = VersionStore(call.connection)
        let countMax = Limits.versionsPerPatternMax
        guard try versions.all(of: pattern).count < countMax else {
            throw WireError(
                .limit, "too many named versions", path: "/pattern",
                allowed: "\(countMax) versions")
        }
        let (document, number) = try found(call)
        let version = VersionRecord(
            id: call.newIdentifier(), pattern: pattern, name: name, number: number,
            createdBy: call.user, createdMs: call.nowMs)
        try versions.insert(version, document: document)
        return ["version": version.json]
    }

    private func found(_ call: CallContext) throws -> ([UInt8], Int64) {
        if let number {
            let place = HistoryPlace.number(number)
            return (try place.document(of: pattern, call.connection), number)
        }
        let document: Document
        switch try LoadedRoom.read(pattern, from: call.connection) {
        case .room(let loaded): document = try loaded.history().document(catalogue: .current)
        case .roomMissing(let record, _): document = record.document(catalogue: .current)
        case .patternMissing: throw PatternAccess.noPattern
        }
        return (document.canonical(catalogue: .current), document.number)
    }
}

/// `version.rename`.
struct RenameVersion: Command {
    let version: Identifier
    let name: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        var found = try call.version(version)
        found.name = name
        try VersionStore(call.connection).rename(version, to: name)
        return ["version": found.json]
    }
}

/// `version.delete`.
struct DeleteVersion: Command {
    let version: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        _ = try call.version(version)
        try VersionStore(call.connection).delete(version)
        return [:]
    }
}

extension CallContext {
    /// One that the caller may change.
    /// - Throws: `notFound` to who may not know of its pattern.
    fileprivate func version(_ id: Identifier) throws -> VersionRecord {
        guard let found = try VersionStore(connection).find(id),
            let access = try access(to: found.pattern), access.allows(.see)
        else { throw HistoryPlace.noVersion }
        try require(.nameVersions, access, path: "/version")
        return found
    }
}
