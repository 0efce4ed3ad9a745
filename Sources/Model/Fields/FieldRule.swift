/// What a field takes: the one place that both refuses an edit and normalises a state.
/// `Protocol/merge.md#fields`.
package enum FieldRule: Hashable, Sendable {
    /// Text of so many Unicode scalars; `multiline` allows line breaks and tabs.
    case text(ClosedRange<Int>, multiline: Bool)
    case flavor
    case integer(ClosedRange<Int64>)
    case hundredths
    case bool
    /// A field that this version does not know, kept as it is.
    case unknown

    package static func rule(for path: FieldPath, catalogue: Catalogue) -> FieldRule {
        switch path {
        case .pattern("title"): .text(1...Limits.titleCharactersMax, multiline: false)
        case .pattern("description"):
            .text(0...Limits.descriptionCharactersMax, multiline: true)
        case .pattern("flavor"): .flavor
        case .machine(let flavor, "bpm"): .integer(range(catalogue.flavor(flavor).bpm))
        case .machine(let flavor, "keyNote"): .integer(range(catalogue.flavor(flavor).keyNote))
        case .instrument(let path, let name):
            rule(name, of: catalogue.flavor(path.flavor).instrument(path.instrument))
        default: .unknown
        }
    }

    private static func rule(_ name: String, of instrument: Catalogue.Instrument?) -> FieldRule {
        switch name {
        case "enabled": .bool
        case "volume": .hundredths
        case "activeProgram":
            .integer(0...Int64(max(1, instrument?.programs.count ?? 1) - 1))
        case "pitchOffset": instrument.map { .integer(range($0.pitchOffset)) } ?? .integer(0...0)
        default: .unknown
        }
    }

    private static func range(_ parameter: Catalogue.Parameter) -> ClosedRange<Int64> {
        Int64(parameter.range.lowerBound)...Int64(parameter.range.upperBound)
    }

    /// Why a value was not taken.
    package enum Refusal: Error, Hashable {
        case wrongType
        case outOfRange
        case length
    }

    /// The value that this field would keep.
    package func accept(_ value: JSON) throws(Refusal) -> Scalar {
        switch (self, value) {
        case (.text(let range, let multiline), .string(let text)):
            guard range ~= text.unicodeScalars.count,
                text.unicodeScalars.allSatisfy({ Self.isAllowed($0, multiline: multiline) })
            else { throw .length }
            return .text(text)
        case (.flavor, .string(let text)):
            guard Flavor(rawValue: text) != nil else { throw .outOfRange }
            return .text(text)
        case (.integer(let range), .integer(let number)):
            guard range ~= number else { throw .outOfRange }
            return .integer(number)
        case (.hundredths, .integer(let number)):
            guard 0...1 ~= number else { throw .outOfRange }
            return .hundredths(number * 100)
        case (.hundredths, .number(let number)):
            guard 0...1 ~= number else { throw .outOfRange }
            return .hundredths(Int64((number * 100).rounded(.toNearestOrEven)))
        case (.bool, .bool(let value)): return .bool(value)
        case (.unknown, .bool(let value)): return .bool(value)
        case (.unknown, .integer(let number)): return .integer(number)
        case (.unknown, .number(let number)): return .number(number)
        case (.unknown, .string(let text)):
            guard text.utf8.count <= Limits.unknownFieldBytesMax else { throw .length }
            return .text(text)
        default: throw .wrongType
        }
    }

    /// Reads back what `Scalar.stored` wrote, without judging it; nil when it is no scalar.
    package func stored(_ value: JSON) -> Scalar? {
        switch (self, value) {
        case (.hundredths, .integer(let number)): .hundredths(number)
        case (_, .bool(let value)): .bool(value)
        case (_, .integer(let number)): .integer(number)
        case (_, .number(let number)): .number(number)
        case (_, .string(let text)): .text(text)
        default: nil
        }
    }

    /// The nearest allowed value, or nil when there is none. Total and idempotent.
    package func nearest(to value: Scalar) -> Scalar? {
        switch (self, value) {
        case (.integer(let range), .integer(let number)):
            .integer(min(max(number, range.lowerBound), range.upperBound))
        case (.hundredths, .hundredths(let number)): .hundredths(min(max(number, 0), 100))
        case (.text, .text), (.flavor, .text): try? accept(value.json)
        case (.bool, .bool), (.unknown, _): value
        default: nil
        }
    }

    /// In words, for the `allowed` of an error.
    package var allowed: String {
        switch self {
        case .text(let range, let multiline):
            "text of \(range.lowerBound) to \(range.upperBound) characters without control "
                + "characters" + (multiline ? " other than line breaks and tabs" : "")
        case .flavor: Flavor.allCases.map(\.rawValue).joined(separator: ", ")
        case .integer(let range): "integer \(range.lowerBound)..\(range.upperBound)"
        case .hundredths: "number 0..1"
        case .bool: "true, false"
        case .unknown:
            "text up to \(Limits.unknownFieldBytesMax) bytes, a finite number, or a boolean"
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, multiline: Bool) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: multiline
        case 0...0x1F, 0x7F...0x9F: false
        default: true
        }
    }
}
