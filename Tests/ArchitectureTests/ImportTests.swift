import SourceFiles
import Testing

/// The arrows between targets, as tests: who may import whom.
@Suite struct ImportTests {
    /// Our own targets, then modules of packages and of the system.
    static let allowed: [String: Set<String>] = [
        "Model": [],
        "HTTP": [],
        "WebSocket": ["HTTP", "CZlib", "Crypto", "Synchronization"],
        "CRDT": ["Model", "Crypto"],
        // `Swift` by name for what it has behind `@_spi`: NormalisedText.
        "Wire": ["Model", "Swift"],
        "Rooms": ["CRDT", "Wire", "Model"],
        "Social": ["Wire", "Model"],
        "Replica": ["CRDT", "Wire", "Model"],
        "Storage": ["Model", "GRDB", "Foundation", "Glibc", "Synchronization"],
        "Transport": ["CLinux", "COpenSSL", "Dispatch", "Glibc", "Synchronization"],
        "Server": [
            "Rooms", "Social", "Storage", "Transport", "HTTP", "Wire", "CRDT", "Model",
            "WebSocket", "CArgon2", "CCrypt", "CCurl", "CWeb", "Crypto", "JWTKit", "Logging",
            "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "Client": [
            "Replica", "Transport", "Wire", "Model", "WebSocket", "HTTP", "Synchronization",
        ],
        "salsanor": [
            "Server", "Client", "Model", "Transport", "ArgumentParser", "Logging", "Foundation",
            "Glibc", "Synchronization",
        ],
        "salsanor-load": [
            "Client", "Replica", "Wire", "Model", "Storage", "Transport", "WebSocket",
            "ArgumentParser", "Crypto", "Histogram", "Glibc", "Synchronization",
        ],
    ]

    @Test("each target imports what its row says, and all of it", arguments: allowed.keys.sorted())
    func imports(target: String) throws {
        let folder = target == "salsanor-load" ? "LoadTests/\(target)" : "Sources/\(target)"
        let files = try Repository.files(under: folder, suffix: ".swift")
        #expect(!files.isEmpty)
        let imported = Set(files.flatMap(\.imports))
        for module in Self.allowed[target] ?? [] {
            #expect(imported.contains(module), "\(target) need not be allowed \(module)")
        }
        for file in files {
            for module in file.imports {
                #expect(
                    Self.allowed[target]?.contains(module) == true,
                    "\(file.path) imports \(module)")
            }
        }
    }

    @Test("every target has its row")
    func everyTarget() throws {
        let targets = Set(
            try Repository.files(under: "Sources", suffix: ".swift")
                .map { String($0.path.split(separator: "/")[1]) })
        #expect(targets.union(["salsanor-load"]) == Set(Self.allowed.keys))
    }

    @Test("a module of one concern is imported in one place")
    func places() throws {
        let places = [
            ("Dispatch", "Sources/Transport/"), ("CLinux", "Sources/Transport/"),
            ("COpenSSL", "Sources/Transport/TLS/"),
            ("GRDB", "Sources/Storage/SQLite/"), ("CArgon2", "Sources/Server/Passwords/"),
            ("CCurl", "Sources/Server/Outbound/"), ("CWeb", "Sources/Server/Pages/"),
            ("JWTKit", "Sources/Server/Providers/"),
            // jwt-kit hands over `Data`.
            ("FoundationEssentials", "Sources/Server/Providers/"),
            ("CCrypt", "Sources/Server/Passwords/"), ("CZlib", "Sources/WebSocket/Compression/"),
        ]
        for file in try Repository.files(under: "Sources", suffix: ".swift") {
            for (module, place) in places where file.imports.contains(module) {
                #expect(file.path.hasPrefix(place), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("Package.swift declares what is imported, and nothing else")
    func declarations() throws {
        let manifest = try Repository.text("Package.swift")
        let files =
            try Repository.files(under: "Sources", suffix: ".swift")
            + Repository.files(under: "LoadTests", suffix: ".swift")
        let imported = Set(files.flatMap(\.imports))
        let products = [
            "Crypto": "swift-crypto", "Logging": "swift-log", "GRDB": "GRDB.swift",
            "ArgumentParser": "swift-argument-parser", "Metrics": "swift-metrics",
            "Collections": "swift-collections", "Histogram": "hdrhistogram-swift",
            "JWTKit": "jwt-kit",
        ]
        for (product, package) in products where manifest.contains("/\(package)\"") {
            // The load harness has a branch of its own until it is here.
            if product == "Histogram", !imported.contains("Client") { continue }
            #expect(imported.contains(product), "nobody imports \(product)")
        }
    }
}

extension Repository.File {
    private static var accesses: Set<Substring> {
        ["public", "package", "internal", "fileprivate", "private"]
    }

    /// The modules that are imported, whatever the access and the attributes.
    var imports: [String] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
        return lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"),
                words[..<index].allSatisfy({ $0.hasPrefix("@") || Self.accesses.contains($0) })
            else { return nil }
            let name = words[(index + 1)...].first { !kinds.contains($0) }
            return name.flatMap { $0.split(separator: ".").first }.map { String($0) }
        }
    }
}
