import Model
import Social
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

    @Test("list the methods that the code has, with who may call and whether over a socket")
    func methods() throws {
        let table = try Self.table("wire.md", "method")
        let names = table.cells("method").map(Self.code)
        #expect(names == Method.allCases.map(\.rawValue))
        for (method, row) in zip(Method.allCases, table.rows) {
            #expect(row[1] == method.caller.rawValue, "\(method.rawValue)")
            #expect(row[2] == (method.needsStream ? "yes" : "no"), "\(method.rawValue)")
        }
    }

    @Test("list the params that each method reads")
    func params() throws {
        let table = try Self.table("wire.md", "method")
        let readers = try MethodSource.readers()
        for (name, cell) in zip(table.cells("method").map(Self.code), table.cells("params")) {
            let page = Set(
                MarkdownTable.codes(in: cell).map { $0.filter { $0 != "?" } })
            let code = try #require(readers[name], "\(name) has no reader")
            #expect(page == code, "\(name)")
        }
    }

    @Test("say with ? which params may be left out", arguments: readable.keys.sorted())
    func optionalParams(name: String) throws {
        let table = try Self.table("wire.md", "method")
        let row = try #require(table.rows.first { Self.code($0[0]) == name })
        let members = MarkdownTable.codes(in: row[3])
        let required = members.filter { !$0.hasSuffix("?") }
        #expect(Self.refusal(of: name, Self.params) == nil)
        for member in members.map({ $0.filter { $0 != "?" } }) {
            var params = Self.params
            params[member] = nil
            let expected = required.contains(member) ? "/\(member)" : nil
            #expect(Self.refusal(of: name, params) == expected, "without \(member)")
        }
    }

    /// The methods whose params can be read without a server.
    private static let readable: [String: @Sendable (JSON.Object) throws(WireError) -> Void] = [
        "room.join": { (object) throws(WireError) in _ = try JoinRequest(object) },
        "room.edit": { (object) throws(WireError) in _ = try EditRequest(object) },
        "pattern.create": { (object) throws(WireError) in
            _ = try NewPattern(object, catalogue: .current)
        },
    ]

    /// All members of these methods; those that a method does not know are ignored.
    private static let params: JSON.Object = [
        "room": "0198c5f0-0000-7000-8000-000000000001", "replica": "9f1c000000000001",
        "seq": 1, "base": ["epoch": 1, "number": 0], "claimedMs": 1, "set": [:], "add": [],
        "remove": [], "void": false, "cursor": ["epoch": 1, "number": 0], "confirmed": 0,
        "stamps": false, "title": "A", "opId": "0198c5f0-0000-7000-8000-000000000002",
        "description": "", "flavor": "Salsa", "bpm": 80, "keyNote": 0, "isPublic": true,
        "configuration": ["instruments": []],
    ]

    /// Where the params were refused; nil when they were not.
    private static func refusal(of method: String, _ params: JSON.Object) -> String? {
        do throws(WireError) {
            try readable[method]?(params)
            return nil
        } catch {
            return error.path
        }
    }

    @Test("list the types of events, and which are durable")
    func events() throws {
        let table = try Self.table("wire.md", "type")
        #expect(table.cells("type").map(Self.code) == Event.Kind.allCases.map(\.rawValue))
        for (kind, cell) in zip(Event.Kind.allCases, table.cells("class")) {
            #expect(cell == (kind == .presence ? "latest-wins" : "durable"), "\(kind)")
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

    /// Members of messages that end like limits.
    private static let members: Set<String> = [
        "retryAfterMs", "claimedMs", "timeMs", "expiresMs", "createdAtMs", "updatedAtMs",
    ]
}
