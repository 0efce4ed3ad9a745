import CRDT
import Model
import SourceFiles
import Testing

@Suite("merge.md#fields") struct FieldsPageTests {
    private static func rows() throws -> [(path: String, type: String, allowed: String)] {
        let table = try #require(
            try MarkdownTable.all(in: Repository.text("Protocol/merge.md"))
                .first { $0.section == "Fields" })
        return table.rows.map {
            (MarkdownTable.codes(in: $0[0]).first ?? "", $0[1], $0[2])
        }
    }

    private static let instrument = "/machines/Salsa/instruments/piano"

    private static func rule(_ path: String) throws -> FieldRule {
        let pointer = path.replacing("<flavor>", with: "Salsa")
            .replacing("…/instruments/<id>", with: instrument)
        guard case .field(let field) = try DocumentPath(pointer: pointer) else {
            throw NotAField(pointer: pointer)
        }
        return FieldRule.rule(for: field, catalogue: .current)
    }

    struct NotAField: Error {
        let pointer: String
    }

    @Test("lists the fields that the code knows, and one row for all others")
    func names() throws {
        let names = try Self.rows().map { row in
            row.path.split(separator: "/").last.map { String($0) } ?? ""
        }
        let known =
            Normalised.patternFields + Normalised.machineFields + Normalised.instrumentFields
        #expect(names == known + [""])
    }

    @Test("gives each field its type")
    func types() throws {
        for row in try Self.rows() where !row.path.isEmpty {
            let expected =
                switch try Self.rule(row.path) {
                case .text, .flavor: "text"
                case .integer: "integer"
                case .hundredths: "number"
                case .bool: "boolean"
                case .unknown: "scalar"
                }
            #expect(row.type == expected, "\(row.path)")
        }
    }

    @Test("gives each field its range: the ends are taken, what is beyond is not")
    func ranges() throws {
        for row in try Self.rows() {
            guard let dots = row.allowed.firstRange(of: ".."),
                let lower = Int64(row.allowed[..<dots.lowerBound]),
                let upper = Int64(row.allowed[dots.upperBound...].prefix { $0.isNumber })
            else { continue }
            let rule = try Self.rule(row.path)
            let value: (Int64) -> JSON = { number in
                row.type == "text"
                    ? .string(String(repeating: "e", count: Int(max(0, number))))
                    : .integer(number)
            }
            #expect(throws: Never.self, "\(row.path)") { try rule.accept(value(lower)) }
            #expect(throws: Never.self, "\(row.path)") { try rule.accept(value(upper)) }
            #expect(throws: FieldRule.Refusal.self, "\(row.path)") {
                try rule.accept(value(upper + 1))
            }
            if lower > 0 || row.type != "text" {
                #expect(throws: FieldRule.Refusal.self, "\(row.path)") {
                    try rule.accept(value(lower - 1))
                }
            }
        }
        let ranged = try Self.rows().filter { $0.allowed.contains("..") }
        #expect(ranged.count == 5)
    }

    @Test("lists the flavors")
    func flavors() throws {
        let row = try #require(try Self.rows().first { $0.path == "/flavor" })
        #expect(MarkdownTable.codes(in: row.allowed) == Flavor.allCases.map(\.rawValue))
    }

    @Test("says how long an unknown text may be, and what else may be there")
    func unknown() throws {
        let row = try #require(try Self.rows().last)
        #expect(row.allowed.contains("\(Limits.unknownFieldBytesMax) bytes"))
        let rule = try Self.rule("/tempoLock")
        #expect(rule == .unknown)
        for value in [true, 1, 0.5, "a"] as [JSON] {
            #expect(throws: Never.self) { try rule.accept(value) }
        }
        for value in [.null, [], [:]] as [JSON] {
            #expect(throws: FieldRule.Refusal.wrongType) { try rule.accept(value) }
        }
    }

    @Test("says which texts are field names")
    func fieldNames() throws {
        let page = try Repository.text("Protocol/merge.md")
        #expect(page.contains("[A-Za-z][A-Za-z0-9]{0,\(Limits.fieldNameBytesMax - 1)}"))
        let long = String(repeating: "a", count: Limits.fieldNameBytesMax)
        for name in ["a", "Z9", long] {
            #expect(throws: Never.self) { try DocumentPath(pointer: "/\(name)") }
        }
        for name in ["", "9a", "a_b", "a b", "é", long + "a"] {
            #expect(throws: DocumentPath.Unreadable.self) { try DocumentPath(pointer: "/\(name)") }
        }
    }
}
