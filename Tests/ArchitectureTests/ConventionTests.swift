import SourceFiles
import Testing

/// What holds for every line of the project.
@Suite struct ConventionTests {
    private static func swiftFiles(_ folders: String...) throws -> [Repository.File] {
        try folders.flatMap { try Repository.files(under: $0, suffix: ".swift") }
    }

    /// Lines that hold `pattern` outside comments and string literals.
    private static func expectNone(
        of pattern: some RegexComponent, in files: [Repository.File], _ why: Comment,
        except isExcepted: (Repository.File) -> Bool = { _ in false },
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for file in files where !isExcepted(file) {
            for (index, line) in file.lines.enumerated()
            where line.contains(pattern) && line.code.contains(pattern) {
                Issue.record(
                    "\(file.path):\(index + 1): \(why)", sourceLocation: sourceLocation)
            }
        }
    }

    @Test("lines have at most 100 columns")
    func columns() throws {
        let files =
            try Self.swiftFiles("Sources", "Tests", "LoadTests")
            + Repository.files(suffix: "Package.swift")
            + [".js", ".css", ".html"].flatMap { suffix in
                try ["Sources", "Tests"].flatMap {
                    try Repository.files(under: $0, suffix: suffix)
                }
            }
        #expect(files.count > 100)
        for file in files {
            for (index, line) in file.lines.enumerated() where line.count > 100 {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test("nothing traps on what a peer or the system does, and nothing steps around the checks")
    func escapeHatches() throws {
        let files = try Self.swiftFiles("Sources", "LoadTests", "Tests")
            .filter { !$0.path.hasPrefix("Tests/ArchitectureTests/") }
        Self.expectNone(of: /try!/, in: files, "try!")
        Self.expectNone(of: /\bas!/, in: files, "as!")
        Self.expectNone(of: /\bfatalError\b/, in: files, "fatalError")
        Self.expectNone(of: /@unchecked Sendable/, in: files, "@unchecked Sendable")
        Self.expectNone(of: /nonisolated\(unsafe\)/, in: files, "nonisolated(unsafe)")
    }

    @Test("each unsafe of the product has its reason in the same member")
    func safety() throws {
        for file in try Self.swiftFiles("Sources", "LoadTests") {
            let lines = file.lines
            for (index, line) in lines.enumerated()
            where line.contains("unsafe") && line.code.contains(/\bunsafe\b/) {
                let end = lines[..<index].lastIndex { $0 == "    }" || $0 == "}" } ?? 0
                // In a closure the reason stands first inside.
                let place = lines[end...min(index + 1, lines.count - 1)]
                #expect(
                    place.contains { $0.contains("SAFETY:") },
                    "\(file.path):\(index + 1): no SAFETY line above")
            }
        }
    }

    @Test("only the command line writes to the terminal")
    func prints() throws {
        Self.expectNone(
            of: /(^|[^.\w])(print|debugPrint|dump)\(/, in: try Self.swiftFiles("Sources"),
            "print", except: { $0.path.hasPrefix("Sources/salsanor/") })
        Self.expectNone(
            of: /(^|[^.\w])print\(/, in: try Self.swiftFiles("Sources/salsanor"), "print")
    }

    @Test("tasks are structured, except where a program or an app begins")
    func tasks() throws {
        Self.expectNone(
            of: /\bTask(<.*>)? ?(\{|\(|\.detached)/,
            in: try Self.swiftFiles("Sources"), "an unstructured task",
            except: {
                $0.path.hasPrefix("Sources/salsanor/") || $0.path.hasPrefix("Sources/Client/")
                    // A counted one for each ID token: jwt-kit has no other way.
                    || $0.path == "Sources/Server/Providers/ProviderKeys.swift"
            })
    }

    @Test("SQL stands only in Storage, in enums of statements")
    func sql() throws {
        let words = "SELECT |INSERT |UPDATE |DELETE FROM|CREATE |PRAGMA |ALTER |REPLACE |SAVEPOINT "
        let statement = try Regex("\"(\"\"\\n *)?(\(words))")
        for file in try Self.swiftFiles("Sources") {
            guard file.text.contains(statement) else { continue }
            let isPlace =
                file.path.hasPrefix("Sources/Storage/SQLite/")
                || file.path.hasPrefix("Sources/Storage/Migrations/")
                || file.path.hasPrefix("Sources/Storage/")
                    && file.text.contains(/enum \w+Statement: String, SQLStatement/)
            #expect(isPlace, "\(file.path) has SQL")
        }
    }

    @Test("no file knows the machine that it was written on")
    func machinePaths() throws {
        let paths = ["work/", "tmp/w/", "home/", "root/", "Users/"].map { "/" + $0 }
        for file in try Repository.files() {
            for path in paths {
                #expect(!file.text.contains(path), "\(file.path) mentions \(path)")
            }
        }
    }

    @Test("pure targets read no clock and no chance of the system")
    func purity() throws {
        let folders = ["Model", "HTTP", "WebSocket", "CRDT", "Wire", "Rooms", "Social", "Replica"]
        for folder in folders {
            Self.expectNone(
                of: /ContinuousClock|SuspendingClock|SystemRandomNumberGenerator/,
                in: try Self.swiftFiles("Sources/\(folder)"), "time and chance are parameters")
        }
    }
}

extension Substring {
    /// The line without its comment and without what its string literals say.
    fileprivate var code: Substring {
        guard contains("\"") || contains("//") else { return self }
        let bare = replacing(/"(\\.|[^"\\])*"/, with: "\"\"")
        return bare.firstRange(of: "//").map { bare[..<$0.lowerBound] } ?? bare
    }
}
