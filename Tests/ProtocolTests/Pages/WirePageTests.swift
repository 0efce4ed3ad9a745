import Model
import SourceFiles
import Testing
import Wire

@Suite("wire.md and close-codes.md") struct WirePageTests {
    private static func table(_ page: String, _ column: String) throws -> MarkdownTable {
        try #require(
            try MarkdownTable.all(in: Repository.text("Protocol/\(page)"))
                .first { $0.columns.contains(column) })
    }

    private static func code(_ cell: String) -> String {
        MarkdownTable.codes(in: cell).first ?? cell
    }

    @Test("list the types of events, and which are durable")
    func events() throws {
        let table = try Self.table("wire.md", "type")
        #expect(table.cells("type").map(Self.code) == Event.Kind.allCases.map(\.rawValue))
        for (kind, cell) in zip(Event.Kind.allCases, table.cells("class")) {
            let isMerged = [.presence, .playing, .counters, .comment].contains(kind)
            #expect(cell == (isMerged ? "latest-wins" : "durable"), "\(kind)")
        }
    }

    @Test("list the errors with code, name and whether to try again")
    func errors() throws {
        let table = try Self.table("wire.md", "retryable")
        let page = table.rows.map { "\($0[0]) \(Self.code($0[1])) \($0[2])" }
        let code = ErrorName.allCases.map {
            "\($0.code) \($0.rawValue) \($0.isRetryable ? "yes" : "no")"
        }
        #expect(page == code)
        #expect(Set(ErrorName.allCases.map(\.code)).count == ErrorName.allCases.count)
    }

    @Test("list the close codes with their reasons")
    func closeCodes() throws {
        let table = try Self.table("close-codes.md", "reason")
        let page = table.rows.map { "\($0[0]) \(Self.code($0[1]))" }
        #expect(page == CloseCode.allCases.map { "\($0.rawValue) \($0.reason)" })
    }

    @Test("say by the code's hundreds what a client does")
    func duties() throws {
        let table = try Self.table("close-codes.md", "reason")
        for (code, cell) in zip(CloseCode.allCases, table.cells("what the client does")) {
            let expected: CloseCode.Duty =
                switch cell {
                case "nothing", "fix the client": .stop
                case "drop the token, sign in again": .signInAgain
                case "reconnect and resume now": .resumeNow
                default: .backOff
                }
            #expect(CloseCode.duty(of: code.rawValue) == expected, "\(code)")
        }
        #expect(CloseCode.duty(of: 4000) == .stop)
        #expect(CloseCode.duty(of: 4100) == .signInAgain)
        #expect(CloseCode.duty(of: 4299) == .resumeNow)
        #expect(CloseCode.duty(of: 4300) == .backOff)
        #expect(CloseCode.duty(of: 1006) == .backOff)
    }

    @Test("name only limits that exist")
    func namedLimits() throws {
        let limits = try Repository.text("Protocol/limits.md")
        for page in ["wire.md", "rooms.md", "merge.md", "close-codes.md"] {
            let text = try Repository.text("Protocol/\(page)")
            let units = ["Max", "Seconds", "Ms", "Bytes"]
            for name in MarkdownTable.codes(in: text)
            where units.contains(where: { name.hasSuffix($0) })
                && name.allSatisfy({ $0.isLetter || $0.isNumber }) && !Self.members.contains(name)
            {
                #expect(limits.contains("`\(name)`"), "\(page): \(name)")
            }
        }
    }

    /// Members of messages, some of which end like limits.
    private static let members = Method.allCases.map(\.description).reduce(
        into: ["retryAfterMs"] as Set<String>
    ) { names, description in
        for schema in [.object(description.params), description.result] {
            names.formUnion(Self.members(of: schema))
        }
    }

    private static func members(of schema: Schema) -> [String] {
        switch schema {
        case .object(let members): members.flatMap { [$0.name] + Self.members(of: $0.schema) }
        case .array(let inner, _), .map(_, let inner), .nullable(let inner), .named(_, let inner):
            members(of: inner)
        default: []
        }
    }
}
