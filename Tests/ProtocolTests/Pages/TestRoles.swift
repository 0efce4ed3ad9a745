import SourceFiles

/// In which roles the tests of a file run what they test, read off their source: what a test's own
/// member names, and the helpers of the file that it calls.
struct TestRoles {
    static let all: Set<String> = ["server", "client"]

    /// What stands between the ends of two members.
    private let members: [String]
    /// Words that mean both roles.
    private let both: [String]

    init(_ file: Repository.File) {
        members = file.lines.split { $0 == "    }" || $0 == "}" }
            .map { $0.joined(separator: "\n") }
        both =
            ["Side.allCases"]
            + file.text.matches(of: /let (\w+) = Side\.allCases/).map { String($0.output.1) }
    }

    /// Empty when the file has no such test.
    func roles(ofTest name: String) -> Set<String> {
        var roles: Set<String> = []
        var seen: Set<String> = []
        var sources = members.compactMap { Self.test(name, in: $0) }
        while let source = sources.popLast() {
            if both.contains(where: { source.contains($0) }) { return Self.all }
            if source.contains(/\b(Side\.server|ServerHandshake)\b/) { roles.insert("server") }
            if source.contains(/\b(Side\.client|ClientHandshake)\b/) { roles.insert("client") }
            for call in source.matches(of: /\b(\w+)\(/) where seen.insert(String(call.1)).inserted {
                sources += members.compactMap { Self.part(of: $0, from: "func \(call.1)(") }
            }
        }
        return roles
    }

    /// The test from its attribute on, without the members of one line before it.
    private static func test(_ name: String, in member: String) -> String? {
        guard
            let place = member.firstRange(of: "\"\(name)\"")
                ?? member.firstRange(of: "`\(name)`"),
            let attribute = member[..<place.lowerBound].ranges(of: "@Test").last
        else { return nil }
        return String(member[attribute.lowerBound...])
    }

    private static func part(of member: String, from start: String) -> String? {
        member.firstRange(of: start).map { String(member[$0.lowerBound...]) }
    }
}
