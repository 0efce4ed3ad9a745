import Model
import Social
import Storage
import Wire

/// Which earlier document is meant. `Protocol/history.md`.
enum HistoryPlace: Sendable {
    case number(Int64)
    case version(Identifier)

    init(_ params: JSON.Object) throws(WireError) {
        let reader = Params(params)
        let number = try reader.optional("number", reader.integer)
        switch (number, try reader.optional("version", reader.identifier)) {
        case (let number?, nil): self = .number(number)
        case (nil, let version?): self = .version(version)
        default:
            throw WireError(
                .invalidParams, "which one?", path: "/number",
                allowed: "either number or version")
        }
    }

    /// The document then.
    /// - Throws: `notFound` for what is not of this pattern, or not kept.
    func document(of pattern: Identifier, _ connection: any Connection) throws -> [UInt8] {
        let found: [UInt8]?
        switch self {
        case .number(let number):
            found = try HistoryStore(connection).document(of: pattern, at: number)
        case .version(let id):
            let versions = VersionStore(connection)
            found =
                try versions.find(id)?.pattern == pattern ? versions.document(of: id) : nil
        }
        if let found { return found }
        switch self {
        case .number:
            throw WireError(
                .notFound, "no entry of the history has this number", path: "/number",
                allowed: "number of history.list")
        case .version: throw Self.noVersion
        }
    }

    static var noVersion: WireError { WireError(.notFound, "no such version", path: "/version") }
}

/// `history.list`.
struct ListHistory: Query {
    let pattern: Identifier
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .seeHistory)
        return try HistoryStore(call.connection)
            .page(of: pattern, after: try page.bound(call), limit: page.limit)
            .json("entries", page, call, \.json)
    }
}

/// `history.get`.
struct GetHistory: Query {
    let pattern: Identifier
    let place: HistoryPlace

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .seeHistory)
        let bytes = try place.document(of: pattern, call.connection)
        var answer: JSON.Object = ["document": try JSON.parse(bytes, limits: .trusted)]
        switch place {
        case .number(let number): answer["number"] = .integer(number)
        case .version(let id): answer["version"] = .string(id.description)
        }
        return .object(answer)
    }
}

/// `version.list`.
struct ListVersions: Query {
    let pattern: Identifier

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .seeHistory)
        return [
            "versions": .array(
                try VersionStore(call.connection).all(of: pattern).map(\.json))
        ]
    }
}

extension ListedHistory {
    fileprivate var json: JSON {
        let paths = try? JSON.parse(Array(row.paths.utf8), limits: .trusted)
        return [
            "number": .integer(row.number), "firstNumber": .integer(row.firstNumber),
            "userId": .orNull(row.user), "userName": .orNull(userName),
            "editCount": .integer(row.editCount), "paths": paths ?? .array([]),
            "firstAtMs": .integer(row.firstMs), "lastAtMs": .integer(row.lastMs),
        ]
    }
}

extension VersionRecord {
    var json: JSON {
        [
            "id": .string(id.description), "pattern": .string(pattern.description),
            "name": .string(name), "number": .integer(number),
            "userId": .orNull(createdBy), "createdAtMs": .integer(createdMs),
        ]
    }
}
