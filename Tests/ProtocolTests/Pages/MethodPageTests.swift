import SourceFiles
import Testing
import Wire

/// Each method has a row in one table of one page; the columns are those of `wire.md#methods`.
@Suite("Tables of methods") struct MethodPageTests {
    private struct Row {
        let page: String
        let method: Method
        let who: String
        let stream: String
        let params: String
        let result: String
    }

    private static func rows() throws -> [Row] {
        var rows: [Row] = []
        for page in try Repository.files(under: "Protocol", suffix: ".md") {
            for table in MarkdownTable.all(in: page.text) where table.columns.first == "method" {
                #expect(
                    table.columns == ["method", "who", "stream", "params", "result"],
                    "\(page.path)")
                for cells in table.rows where cells.count == 5 {
                    let name = MarkdownTable.codes(in: cells[0]).first ?? cells[0]
                    let method = try #require(Method(rawValue: name), "\(page.path): \(name)")
                    rows.append(
                        Row(
                            page: page.path, method: method, who: cells[1], stream: cells[2],
                            params: cells[3], result: cells[4]))
                }
            }
        }
        return rows
    }

    @Test("list each method once, on some page")
    func once() throws {
        let names = try Self.rows().map(\.method.rawValue)
        #expect(names.sorted() == Method.allCases.map(\.rawValue).sorted())
    }

    @Test("say who may call, and whether over a socket")
    func callers() throws {
        for row in try Self.rows() {
            #expect(row.who == row.method.caller.rawValue, "\(row.method.rawValue)")
            #expect(row.stream == (row.method.needsStream ? "yes" : "no"), "\(row.method.rawValue)")
        }
    }

    @Test("list the params, and say with ? which may be left out")
    func params() throws {
        for row in try Self.rows() {
            let page = MarkdownTable.codes(in: row.params)
            let code = Self.names(row.method.description.params)
            #expect(page.sorted() == code.sorted(), "\(row.method.rawValue)")
        }
    }

    /// A cell that does not begin with a name refers to another place.
    @Test("list the members of the result")
    func results() throws {
        for row in try Self.rows() where row.result.hasPrefix("`") {
            let page = MarkdownTable.codes(in: row.result).filter { $0 != "{}" }
            guard case .object(let members) = row.method.description.result else {
                Issue.record("\(row.method.rawValue): the result is a shape with a name")
                continue
            }
            #expect(page.sorted() == Self.names(members).sorted(), "\(row.method.rawValue)")
        }
    }

    private static func names(_ members: [Schema.Member]) -> [String] {
        members.map { $0.name + ($0.isOptional ? "?" : "") }
    }
}
