/// A place in the catalogue. What is missing or of another type there is our own mistake, so it
/// ends the program at its start and names the place.
struct CatalogueReader {
    private let value: JSON
    private let path: String

    init(_ value: JSON) {
        self.init(value, path: "")
    }

    private init(_ value: JSON, path: String) {
        self.value = value
        self.path = path
    }

    subscript(_ key: String) -> CatalogueReader {
        guard let member = value[key] else { fail("\(key) is missing") }
        return CatalogueReader(member, path: "\(path)/\(key)")
    }

    var elements: [CatalogueReader] {
        required(value.array, "an array").enumerated().map {
            CatalogueReader($1, path: "\(path)/\($0)")
        }
    }

    var string: String { required(value.string, "a string") }
    var bool: Bool { required(value.bool, "true or false") }
    var double: Double { required(value.double, "a number") }
    var int: Int { Int(required(value.int, "a whole number")) }

    func fail(_ reason: String) -> Never {
        preconditionFailure("catalogue.json\(path): \(reason)")
    }

    private func required<Value>(_ value: Value?, _ type: String) -> Value {
        guard let value else { fail("not \(type)") }
        return value
    }
}
