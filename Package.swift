// swift-tools-version: 6.2
import PackageDescription

/// One strictness for every target, tests included.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

func room(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "salsanor",
    products: [
        .executable(name: "salsanor", targets: ["salsanor"]),
        .executable(name: "salsanor-load", targets: ["salsanor-load"]),
        .library(name: "SalsaNorClient", targets: ["Client"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // Level 0 and 1: pure. Bytes and time in, effects out.
        .target(
            name: "Model", resources: [.embedInCode("catalogue.json")], swiftSettings: strict),
        room("HTTP", []),
        room("WebSocket", ["HTTP", "CZlib", crypto]),
        room("CRDT", ["Model", crypto]),
        room("Wire", ["Model"]),
        // Level 2
        room("Rooms", ["CRDT", "Wire", "Model"]),
        room("Social", ["Wire", "Model"]),
        room("Replica", ["CRDT", "Wire", "Model"]),
        room("Storage", ["Model", .product(name: "GRDB", package: "GRDB.swift")]),
        room("Transport", ["CLinux", "COpenSSL"]),
        // Level 3
        room(
            "Server",
            [
                "Rooms", "Social", "Storage", "Transport", "HTTP", "Wire", "CRDT", "Model",
                "WebSocket", "CArgon2", "CCrypt", "CCurl", "CWeb", crypto, jwtKit, logging,
            ], exclude: ["Web"]),
        room("Client", ["Replica", "Transport", "Wire", "Model", "WebSocket", "HTTP"]),
        // Level 4
        .executableTarget(
            name: "salsanor",
            dependencies: ["Server", "Client", "Model", "Transport", argumentParser, logging],
            swiftSettings: strict),
        .executableTarget(
            name: "salsanor-load",
            dependencies: [
                "Client", "Replica", "Wire", "Model", "Storage", "Transport", "WebSocket",
                argumentParser, crypto,
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "LoadTests/salsanor-load", swiftSettings: strict),
        tests("HarnessTests", ["salsanor-load", "Replica", "Wire", "Model"]),
        // The physical limit of this machine, and a load that is not the bottleneck.
        .executableTarget(
            name: "floor", path: "LoadTests/floor",
            cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // C: what Glibc's overlay and Foundation do not import.
        .target(name: "CLinux"),
        .target(name: "CWeb"),
        .target(
            name: "COpenSSL",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(
            name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),

        // What several test targets share.
        .target(
            name: "TestSupport", dependencies: ["Rooms", "CRDT", "Wire", "Model"],
            path: "Tests/Support/TestSupport", swiftSettings: strict),
        .target(
            name: "FuzzEntries",
            dependencies: [
                "Replica", "Rooms", "CRDT", "Wire", "WebSocket", "HTTP", "Model", "TestSupport",
            ],
            path: "Tests/Support/FuzzEntries", swiftSettings: strict),
        tests("FuzzTests", ["FuzzEntries", "SourceFiles", "Model", "TestSupport"]),
        tests("ModelTests", ["Model"]),
        .target(name: "CMallocCounter", path: "Tests/Support/CMallocCounter"),
        tests("HTTPTests", ["HTTP", "Model", "CMallocCounter"]),
        tests("WebSocketTests", ["WebSocket", "HTTP", "Model", "CMallocCounter"]),
        tests("CRDTTests", ["CRDT", "Model", "TestSupport"]),
        tests("WireTests", ["Wire", "Model"]),
        tests("RoomsTests", ["Rooms", "CRDT", "Wire", "Model", "TestSupport"]),
        tests("SocialTests", ["Social", "Wire", "Model", "SourceFiles"]),
        tests("ReplicaTests", ["Replica", "CRDT", "Wire", "Model"]),
        .target(
            name: "CPowerLossVFS", path: "Tests/Support/CPowerLossVFS",
            linkerSettings: [.linkedLibrary("sqlite3")]),
        tests("StorageTests", ["Storage", "Model", "CPowerLossVFS", "SourceFiles"]),
        tests("TransportTests", ["Transport", "Model", "COpenSSL"]),
        tests(
            "ClientTests",
            [
                "Client", "Replica", "Rooms", "Transport", "Wire", "CRDT", "Model", "WebSocket",
                "HTTP", "TestSupport",
            ]),
        tests(
            "ServerTests",
            [
                "Server", "Client", "Replica", "Rooms", "Storage", "Transport",
                "HTTP", "Wire", "CRDT", "Model", "WebSocket", "Social", "TestSupport",
                "CMallocCounter", "SourceFiles", crypto, logging,
            ]),
        tests(
            "SimulationTests",
            ["Rooms", "Replica", "CRDT", "Wire", "WebSocket", "Model", "TestSupport"]),
        .target(name: "SourceFiles", path: "Tests/Support/SourceFiles", swiftSettings: strict),
        tests("ArchitectureTests", ["SourceFiles"]),
        tests(
            "ProtocolTests",
            ["Rooms", "Replica", "Social", "CRDT", "Wire", "Model", "SourceFiles"]),
    ]
)
