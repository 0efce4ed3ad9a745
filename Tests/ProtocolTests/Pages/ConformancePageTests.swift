import SourceFiles
import Testing

@Suite("conformance.md") struct ConformancePageTests {
    private static func tables() throws -> [MarkdownTable] {
        try MarkdownTable.all(in: Repository.text("Protocol/conformance.md"))
    }

    private static func named() throws -> [String] {
        try tables().flatMap { $0.cells("tests").flatMap(MarkdownTable.codes) }
    }

    /// The names of tests below a folder: those displayed, and those of the functions.
    private static func tests(under folder: String) throws -> Set<String> {
        let displayed = /@Test\(\s*"((?:[^"\\]|\\.)*)"/
        let functions = /\bfunc `([^`]+)`/
        var names: Set<String> = []
        for file in try Repository.files(under: folder, suffix: ".swift") {
            names.formUnion(file.text.matches(of: displayed).map { String($0.output.1) })
            names.formUnion(file.text.matches(of: functions).map { String($0.output.1) })
        }
        return names
    }

    @Test("names only tests that there are")
    func named() throws {
        let tests = try Self.tests(under: "Tests")
        let named = try Self.named()
        #expect(named.count > 60)
        for name in named { #expect(tests.contains(name), "\(name)") }
    }

    @Test("names every test that follows one of its RFCs")
    func complete() throws {
        let named = Set(try Self.named())
        let followed = try Self.tables().compactMap { $0.section.split(separator: ",").first }
        #expect(followed.map(String.init) == ["RFC 6455", "RFC 7692", "RFC 9112"])
        let tests = try ["WebSocketTests", "HTTPTests"].flatMap { folder in
            try Self.tests(under: "Tests/\(folder)")
        }
        for name in tests where followed.contains(where: { name.hasPrefix($0) }) {
            #expect(named.contains(name), "\(name)")
        }
    }

    @Test("gives each row a level, a role, and a test or a reason")
    func rows() throws {
        for table in try Self.tables() {
            #expect(table.columns == ["section", "requirement", "level", "role", "tests", "note"])
            for row in table.rows {
                #expect(row[0].hasPrefix("§") && !row[1].isEmpty)
                #expect(["MUST", "SHOULD", "MAY"].contains(row[2]), "\(row[1])")
                #expect(["server", "client", "both"].contains(row[3]), "\(row[1])")
                #expect(!row[4].isEmpty || !row[5].isEmpty, "\(row[1]): neither test nor reason")
            }
        }
    }

    @Test("names for both roles a test that runs in both, or a test of each")
    func roles() throws {
        let files = try ["WebSocketTests", "HTTPTests"].flatMap { folder in
            try Repository.files(under: "Tests/\(folder)", suffix: ".swift").map(TestRoles.init)
        }
        let rows = try Self.tables().flatMap(\.rows).filter { $0[3] == "both" }
        #expect(rows.count > 39)
        for row in rows {
            let roles = MarkdownTable.codes(in: row[4]).reduce(into: Set<String>()) { roles, name in
                for file in files { roles.formUnion(file.roles(ofTest: name)) }
            }
            #expect(roles == TestRoles.all, "\(row[0]) \(row[1]): only \(roles)")
        }
    }
}
