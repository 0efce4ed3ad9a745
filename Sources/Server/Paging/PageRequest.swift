import Model
import Storage
import Wire

/// `cursor` and `limit` of a list that is newest first, and which list that is.
struct PageRequest: Sendable {
    private static let rowsDefault: Int64 = 50

    let limit: Int64
    private let kind: String
    /// What a cursor is bound to.
    private let query: JSON
    private let cursor: String?

    init(_ params: JSON.Object, of method: Wire.Method) throws(WireError) {
        let reader = Params(params)
        cursor = try reader.optional("cursor", reader.text)
        limit = try reader.optional("limit", reader.integer) ?? Self.rowsDefault
        kind = method.rawValue
        query = Self.question(in: params)
    }

    /// What a cursor is bound to: who pages on may ask for shorter pages, and for nothing else.
    static func question(in params: JSON.Object) -> JSON {
        var asked = params
        asked["cursor"] = nil
        asked["limit"] = nil
        return .object(asked)
    }

    var isFirst: Bool { cursor == nil }

    /// Where the page before ended.
    func bound(_ call: CallContext) throws(WireError) -> PageBound {
        guard let cursor else { return .newest }
        let place = try call.cursors.decode(kind: kind, query: query, cursor)
        guard let createdMs = place["createdMs"]?.int,
            let id = place["id"]?.string.flatMap({ Identifier($0) })
        else { throw SignedCursor.refusal("/cursor") }
        return PageBound(createdMs: createdMs, id: id)
    }

    /// The same of a list in the order of numbers; nil for the first page.
    func number(_ call: CallContext) throws(WireError) -> Int64? {
        guard let cursor else { return nil }
        let place = try call.cursors.decode(kind: kind, query: query, cursor)
        guard let number = place["number"]?.int else { throw SignedCursor.refusal("/cursor") }
        return number
    }

    func cursor(number: Int64, _ call: CallContext) -> JSON {
        .string(
            call.cursors.encode(kind: kind, query: query, body: ["number": .integer(number)]))
    }

    fileprivate func cursor(_ bound: PageBound, _ call: CallContext) -> JSON {
        let place: JSON = [
            "createdMs": .integer(bound.createdMs), "id": .string(bound.id.description),
        ]
        return .string(call.cursors.encode(kind: kind, query: query, body: place))
    }
}

extension Page {
    /// - Parameter name: of the member that holds the rows.
    func json(
        _ name: String, _ request: PageRequest, _ call: CallContext, _ row: (Element) throws -> JSON
    ) rethrows -> JSON {
        var answer: JSON.Object = [:]
        answer[name] = .array(try elements.map(row))
        if let next { answer["next"] = request.cursor(next, call) }
        return .object(answer)
    }
}
