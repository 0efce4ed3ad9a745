import Client
import Foundation
import Server
import Testing
import Transport

/// Accounts as somebody uses them with the Swift client.
@Suite("Accounts with the Swift client", .serialized) struct AccountClientTests {
    private static let password = "son montuno 1941"

    private static func start(in folder: TemporaryFolder) async throws -> SalsaServer {
        try await SalsaServer.start(
            ServerConfiguration(
                listen: [try #require(SocketAddress(host: "127.0.0.1", port: 0))],
                dataPath: folder.path + "/data", shards: 2), log: .silent)
    }

    @Test(.timeLimit(.minutes(1)))
    func `Somebody registers, edits, renews the session and calls any method`() async throws {
        let folder = try TemporaryFolder()
        let server = try await Self.start(in: folder)
        let client = try SalsaClient(url: "ws://\(server.addresses[0])")
        let first = try await client.register(
            email: "bea@example.org", password: Self.password, displayName: "Bea", language: "es")
        #expect(first.displayName == "Bea")
        let pattern = try await client.patterns.create(title: "Guaguancó")
        let room = try await client.join(pattern.id)
        let account = try await client.call("account.get")
        #expect(account.contains(#""language":"es""#))
        let second = try SalsaClient(url: "ws://\(server.addresses[0])")
        let renewed = try await second.signIn(email: "BEA@example.org", password: Self.password)
        try await client.renew(token: renewed.token)
        try await room.edit(Edit(set: "/title", to: .text("renewed"))).settled()
        let sessions = try await client.call("account.sessions")
        #expect(sessions.components(separatedBy: #""isCurrent":true"#).count == 2)
        await #expect(throws: ClientError.self) { try await client.call("account.none") }
        client.close()
        second.close()
        await server.stop()
    }

    /// Each attempt counts before it is judged, so those at once get no more tries.
    @Test(.timeLimit(.minutes(1)))
    func `Many wrong passwords at once get as many tries as one after the other`() async throws {
        let folder = try TemporaryFolder()
        let server = try await Self.start(in: folder)
        let url = "ws://\(server.addresses[0])"
        let owner = try SalsaClient(url: url)
        try await owner.register(
            email: "bea@example.org", password: Self.password, displayName: "Bea")
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    do {
                        let client = try SalsaClient(url: url)
                        defer { client.close() }
                        try await client.signIn(email: "bea@example.org", password: "wrong wrong")
                        return "signed in"
                    } catch ClientError.refused(let error) {
                        return error.code
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Five are free, and one begins the wait; a slow machine may let one more through.
        let judged = answers.filter { $0 == "unauthenticated" }
        #expect((6...8).contains(judged.count), "\(answers)")
        #expect(Set(answers).isSubset(of: ["unauthenticated", "throttled"]))
        owner.close()
        await server.stop()
    }
}
