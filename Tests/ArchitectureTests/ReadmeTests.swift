import Foundation
import SourceFiles
import Testing

/// What the README says of the tree.
@Suite("README.md") struct ReadmeTests {
    @Test("names only files and folders that there are")
    func paths() throws {
        let folders = ["Sources/", "Tests/", "LoadTests/", "Protocol/"]
        var paths: Set<String> = []
        for line in try Repository.text("README.md").split(separator: "\n") {
            for code in MarkdownTable.codes(in: String(line)) {
                // `Tests/fuzz 60` is a file and its argument.
                let path = code.prefix { $0 != " " }
                if folders.contains(where: { path.hasPrefix($0) }) { paths.insert(String(path)) }
            }
        }
        #expect(paths.count > 15)
        for path in paths {
            #expect(
                FileManager.default.fileExists(atPath: Repository.root + "/" + path), "\(path)")
        }
    }

    @Test("draws arrows that there are, and leaves out none that others do not imply")
    func arrows() throws {
        let arrow = /([\w-]+)(?: \([a-z ]+\))? -> (\w+(?:, \w+)*)/
        var drawn: [String: Set<String>] = [:]
        for match in try Repository.text("README.md").matches(of: arrow) {
            drawn[String(match.1), default: []]
                .formUnion(match.2.split(separator: ", ").map(String.init))
        }
        func below(_ target: String) -> Set<String> {
            (drawn[target] ?? []).reduce(into: drawn[target] ?? []) { $0.formUnion(below($1)) }
        }
        for (target, imports) in ImportTests.allowed {
            let own = imports.filter { ImportTests.allowed[$0] != nil }
            #expect(own.isSuperset(of: drawn[target] ?? []), "\(target) does not import all that")
            #expect(own.isSubset(of: below(target)), "\(target) imports more")
        }
    }
}
