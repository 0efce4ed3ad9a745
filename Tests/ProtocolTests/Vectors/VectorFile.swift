import Model
import SourceFiles
import Testing
import Wire

/// One file of `Protocol/vectors`.
struct VectorFile {
    let json: JSON

    init(_ name: String) throws {
        json = try JSON.parse(
            Repository.bytes("Protocol/vectors/\(name).json"), limits: .trusted)
    }

    func cases() throws -> [(name: String, json: JSON)] {
        let cases = try #require(json["cases"]?.array).map { (try $0.text("name"), $0) }
        #expect(!cases.isEmpty)
        #expect(Set(cases.map(\.0)).count == cases.count, "names are used twice")
        return cases
    }
}

extension JSON {
    /// A member that must be there.
    func member(_ name: String) throws -> JSON {
        try #require(self[name], "no \(name)")
    }

    func text(_ name: String) throws -> String {
        try #require(self[name]?.string, "no text \(name)")
    }

    func integer(_ name: String) throws -> Int64 {
        try #require(self[name]?.int, "no integer \(name)")
    }

    var canonicalText: String { String(decoding: canonical(), as: UTF8.self) }
}
