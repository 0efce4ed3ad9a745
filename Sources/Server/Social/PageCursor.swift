import Model
import Storage
import Wire

/// Where a list goes on, as opaque text: the last row's time and id. It gives no access to
/// anything, so it is not signed: who invents one begins the same list somewhere else.
enum PageCursor {
    static let rowsDefault: Int64 = 50

    static func text(_ bound: PageBound) -> String {
        Hexadecimal.text(UInt64(bitPattern: bound.createdMs)) + Hexadecimal.text(bound.id.bytes)
    }

    static func bound(_ text: String) -> PageBound? {
        guard text.utf8.count == 48 else { return nil }
        let words = (0..<3).compactMap {
            Hexadecimal.word(String(text.dropFirst($0 * 16).prefix(16)))
        }
        guard words.count == 3 else { return nil }
        return PageBound(
            createdMs: Int64(bitPattern: words[0]), id: Identifier(high: words[1], low: words[2]))
    }
}

/// `cursor` and `limit` of a list.
struct PageRequest: Sendable {
    let bound: PageBound
    let limit: Int64
    let isFirst: Bool

    init(_ params: JSON.Object) throws(WireError) {
        let reader = Params(params)
        let cursor = try reader.optional("cursor") { (name) throws(WireError) in
            let text = try reader.text(name, in: 1...Limits.pageCursorBytesMax)
            guard let bound = PageCursor.bound(text) else {
                throw reader.refused(name, allowed: "a cursor of the same list")
            }
            return bound
        }
        bound = cursor ?? .newest
        isFirst = cursor == nil
        limit =
            try reader.optional("limit") { (name) throws(WireError) in
                try reader.integer(name, in: 1...PageBound.rowsMax)
            } ?? PageCursor.rowsDefault
    }
}

extension Page {
    /// - Parameter name: of the member that holds the rows.
    func json(_ name: String, _ row: (Element) -> JSON) -> JSON {
        var object: JSON.Object = [:]
        object[name] = .array(elements.map(row))
        if let next { object["next"] = .string(PageCursor.text(next)) }
        return .object(object)
    }
}
