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

    @Test(arguments: ["", " second"])
    func `The client examples of README are those that are compiled here`(name: String) throws {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let file = try String(
            contentsOf: root.appending(path: "Tests/ServerTests/ReadmeExample.swift"),
            encoding: .utf8)
        let example =
            file.components(separatedBy: "// README: begin\(name)\n").last?
            .components(separatedBy: "// README: end\(name)\n").first ?? ""
        #expect(example.contains("async throws") && !example.contains("README"))
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

    @Test(.timeLimit(.minutes(1)))
    func `The second example of README does what it says`() async throws {
        let house = try await SocialHouse(people: 2)
        let pattern = "\(SocialHouse.pattern(0))"
        let comment = try await house.clients[1].patterns.comment(pattern, "Azúcar!")
        try await answerEverybody(client: house.clients[0])
        try await answerEverybody(client: house.clients[0])
        let replies = try await house.clients[1].comments.replies(comment.id).page()
        #expect(replies.elements.map(\.text) == ["¡Gracias!"])
        try await house.stop { _ in }
    }
}
