import SourceFiles

/// In which roles the tests of a file run what they test, read off their source: what a test's own
/// member names, and the helpers of the file that it calls.
struct TestRoles {
    static let all: Set<String> = ["server", "client"]

    /// What a test does only in a role.
    private static let words = [
        "server": ["Side.server", "ServerHandshake.", "RequestParser(", "RequestTrace("],
        "client": ["Side.client", "ClientHandshake(", "ResponseParser(", "parseResponses("],
    ]

    /// By name, each from its attribute to its end.
    private var tests: [String: String] = [:]
    /// By name, overloads one after the other.
    private var functions: [String: String] = [:]
    /// Words that mean both roles.
    private var both = ["Side.allCases"]

    init(_ file: Repository.File) {
        let lines = file.lines
        var test: Int?
        var started: [(name: String, line: Int)] = []
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ")
            if words.first?.hasPrefix("@Test") == true { test = index }
            if let word = words.firstIndex(of: "func"), word + 1 < words.count {
                started.append((String(words[word + 1].prefix { $0 != "(" && $0 != "<" }), index))
            }
            if line.hasSuffix(" = Side.allCases"), let word = words.firstIndex(of: "let") {
                both.append(String(words[word + 1]))
            }
            guard line == "    }" || line == "}" else { continue }
            func source(from start: Int) -> String { lines[start...index].joined(separator: "\n") }
            if let test {
                let text = source(from: test)
                for quote in ["\"", "`"] as [Character] {
                    let parts = text.split(separator: quote, maxSplits: 2)
                    if parts.count == 3 { tests[String(parts[1])] = text }
                }
            }
            for (name, start) in started { functions[name, default: ""] += source(from: start) }
            test = nil
            started = []
        }
    }

    /// Empty when the file has no such test.
    func roles(ofTest name: String) -> Set<String> {
        var roles: Set<String> = []
        var seen: Set<String> = []
        var sources = tests[name].map { [$0] } ?? []
        while let source = sources.popLast() {
            if both.contains(where: { source.contains($0) }) { return Self.all }
            for (role, words) in Self.words where words.contains(where: source.contains) {
                roles.insert(role)
            }
            for part in source.split(separator: "(") {
                let call = String(part.suffix(40).split { !$0.isLetter }.last ?? "")
                if seen.insert(call).inserted, let helper = functions[call] {
                    sources.append(helper)
                }
            }
        }
        return roles
    }
}
