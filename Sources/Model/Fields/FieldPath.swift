/// Where an instrument stands: in the machine of a flavor.
package struct InstrumentPath: Hashable, Sendable, CustomStringConvertible {
    package let flavor: Flavor
    package let instrument: InstrumentID

    package init(flavor: Flavor, instrument: InstrumentID) {
        self.flavor = flavor
        self.instrument = instrument
    }

    package var description: String {
        "/machines/\(flavor.rawValue)/instruments/\(instrument.rawValue)"
    }
}

/// Where a field stands in a pattern document. `Protocol/merge.md#fields`.
package enum FieldPath: Hashable, Sendable, CustomStringConvertible {
    case pattern(name: String)
    case machine(Flavor, name: String)
    case instrument(InstrumentPath, name: String)

    package var name: String {
        switch self {
        case .pattern(let name), .machine(_, let name), .instrument(_, let name): name
        }
    }

    /// The JSON pointer (RFC 6901). Names need no escapes.
    package var description: String {
        switch self {
        case .pattern(let name): "/\(name)"
        case .machine(let flavor, let name): "/machines/\(flavor.rawValue)/\(name)"
        case .instrument(let path, let name): "\(path)/\(name)"
        }
    }
}

/// What a JSON pointer into a pattern document can mean.
package enum DocumentPath: Hashable, Sendable {
    case field(FieldPath)
    case instrument(InstrumentPath)

    /// Why a pointer is not a path of the document.
    package enum Unreadable: Error, Hashable {
        case notAPointer
        case flavor(String)
        case instrument(String, Flavor)
        case name(String)
        case place

        /// What would have been taken.
        package var allowed: String {
            switch self {
            case .notAPointer: "a JSON pointer that starts with /"
            case .flavor: Flavor.allCases.map(\.rawValue).joined(separator: ", ")
            case .instrument(_, let flavor):
                Catalogue.current.flavor(flavor).instruments.map(\.id.rawValue)
                    .joined(separator: ", ")
            case .name: "field names of 1 to \(Limits.fieldNameBytesMax) letters and digits"
            case .place:
                "/<field>, /machines/<flavor>/<field>, "
                    + "/machines/<flavor>/instruments/<instrument>[/<field>]"
            }
        }
    }

    package init(pointer: String) throws(Unreadable) {
        guard pointer.utf8.first == UInt8(ascii: "/") else { throw .notAPointer }
        let parts = pointer.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.count == 1, !parts[0].elementsEqual("machines".utf8) {
            self = .field(.pattern(name: try Self.name(parts[0])))
            return
        }
        guard parts[0].elementsEqual("machines".utf8), parts.count >= 3 else { throw .place }
        let flavorName = String(Substring(parts[1]))
        guard let flavor = Flavor(rawValue: flavorName) else { throw .flavor(flavorName) }
        if parts.count == 3, !parts[2].elementsEqual("instruments".utf8) {
            self = .field(.machine(flavor, name: try Self.name(parts[2])))
            return
        }
        guard parts[2].elementsEqual("instruments".utf8), 4...5 ~= parts.count else {
            throw .place
        }
        let idName = String(Substring(parts[3]))
        guard let id = InstrumentID(idName), Catalogue.current.flavor(flavor).instrument(id) != nil
        else { throw .instrument(idName, flavor) }
        let instrument = InstrumentPath(flavor: flavor, instrument: id)
        self =
            parts.count == 4
            ? .instrument(instrument)
            : .field(.instrument(instrument, name: try Self.name(parts[4])))
    }

    private static func name(_ part: Substring.UTF8View) throws(Unreadable) -> String {
        let name = String(Substring(part))
        guard isFieldName(name) else { throw .name(name) }
        return name
    }

    private static func isFieldName(_ name: String) -> Bool {
        guard 1...Limits.fieldNameBytesMax ~= name.utf8.count else { return false }
        var isFirst = true
        for byte in name.utf8 {
            defer { isFirst = false }
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirst: break
            default: return false
            }
        }
        return true
    }
}
