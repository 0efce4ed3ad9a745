import Client
import Foundation
import Logging
import Server
import Testing
import Transport

@Suite struct ReadmeTests {
    private var root: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    @Test func `The client example of README is the one that is compiled here`() throws {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let file = try String(
            contentsOf: root.appending(path: "Tests/ServerTests/ReadmeExample.swift"),
            encoding: .utf8)
        let example =
            file.components(separatedBy: "// README: begin\n").last?
            .components(separatedBy: "// README: end").first ?? ""
        #expect(example.contains("settled()"))
        #expect(readme.contains("```swift\n" + example + "```"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `The client example of README does what it says`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "salsanor-readme-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = try await SalsaServer.start(
            ServerConfiguration(listen: [address], dataPath: folder.path, shards: 1),
            log: .silent)
        let pattern = try #require(server.demoPattern)
        let tempo = try await raiseTempo(
            server: "ws://\(server.addresses[0])", pattern: "\(pattern)")
        #expect(tempo == 190)
        await server.stop()
    }
}
