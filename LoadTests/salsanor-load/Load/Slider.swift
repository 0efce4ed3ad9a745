import Model

/// The field that an editor drives, and how a value says whose it is.
///
/// Fields that the catalogue knows have small ranges, so editors drive fields that it does not:
/// they are kept, merged and delivered like any other, up to `Limits.unknownFieldsMax` in a
/// document. They stand on instruments of both flavors, as real sliders do. With more editors than
/// fields several editors share one.
struct Slider {
    static let fieldsMax = Limits.unknownFieldsMax
    private static let editorBits: Int64 = 12
    /// Editors of one room that a value can name.
    static let editorsMax = 1 << Int(editorBits)

    let flavor: String
    let instrument: String
    let name: String

    var pointer: String { "/machines/\(flavor)/instruments/\(instrument)/\(name)" }

    private static let places: [(flavor: String, instrument: String)] = Flavor.allCases.flatMap {
        flavor in
        Catalogue.current.flavor(flavor).instruments.map { (flavor.rawValue, $0.id.rawValue) }
    }

    init(editor: Int) {
        let field = editor % Self.fieldsMax
        (flavor, instrument) = Self.places[field % Self.places.count]
        name = "slider\(field / Self.places.count)"
    }

    /// Monotone for each editor, so a receiver can tell a later value from an earlier one.
    static func value(editor: Int, edit: Int64) -> Int64 { edit << editorBits | Int64(editor) }

    static func author(of value: Int64) -> (editor: Int, edit: Int64) {
        (Int(value & (1 << editorBits - 1)), value >> editorBits)
    }
}
