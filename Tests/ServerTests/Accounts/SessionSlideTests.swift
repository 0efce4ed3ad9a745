import Client
import Model
import Storage
import Testing
import Transport
import Wire

@testable import Server

/// Sessions end 30 days after their last use, which is noted at most hourly.
@Suite("Sessions slide") struct SessionSlideTests {
    private static let hourMs: Int64 = 3_600_000

    @Test func `Each heartbeat is a use, and one an hour is written`() {
        let madeMs: Int64 = 1_790_000_000_000
        var holder = Peer.Holder(
            session: House.id(1), user: House.user, displayName: "Ana", isAdmin: false,
            expiresMs: madeMs + SessionToken.lifetimeMs, lastUsedMs: madeMs)
        let beats = (1...300).map { madeMs + $0 * 60_000 }
        let written = beats.filter { holder.slide(nowMs: $0) }
        #expect(written == (1...5).map { madeMs + $0 * Self.hourMs })
        #expect(holder.expiresMs == written[4] + SessionToken.lifetimeMs)
        // A clock that was set back writes nothing until it is where it was.
        let isEarlier = holder.slide(nowMs: madeMs)
        #expect(!isEarlier && holder.lastUsedMs == written[4])
    }

    private func session(_ number: UInt64, lastUsedMs: Int64, nowMs: Int64) -> SessionRecord {
        SessionRecord(
            id: House.id(number), user: House.user,
            tokenSHA256: Secret.sha256(Self.token(number)), expiresMs: nowMs + Self.hourMs,
            createdMs: lastUsedMs, lastUsedMs: lastUsedMs)
    }

    private static func token(_ number: UInt64) -> String {
        Secret.make(random: [UInt8](repeating: UInt8(number), count: 32))
    }

    @Test(.timeLimit(.minutes(1)))
    func `Opening one after more than an hour makes it good for 30 days`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        let nowMs = EventLoop.wallClockMs
        let old = session(11, lastUsedMs: nowMs - 2 * Self.hourMs, nowMs: nowMs)
        let recent = session(12, lastUsedMs: nowMs - Self.hourMs / 2, nowMs: nowMs)
        try Self.write(path, nowMs) { connection in
            try House.insertUser(connection)
            for session in [old, recent] { try SessionStore(connection).insert(session) }
        }
        let server = try await SalsaServer.start(
            ServerConfiguration(
                listen: [try #require(SocketAddress(host: "127.0.0.1", port: 0))],
                dataPath: path, shards: 1), log: .silent)
        for number: UInt64 in [11, 12] {
            let client = try SalsaClient(url: "ws://\(server.addresses[0])")
            try await client.open(token: Self.token(number))
            _ = try await client.call(.heartbeat, [:])
            client.close()
        }
        await server.stop()
        try Self.write(path, nowMs) { connection in
            let sessions = try SessionStore(connection).list(of: House.user, nowMs: nowMs)
            let slid = try #require(sessions.first { $0.id == old.id })
            #expect(slid.lastUsedMs >= nowMs)
            #expect(slid.expiresMs == slid.lastUsedMs + SessionToken.lifetimeMs)
            #expect(sessions.first { $0.id == recent.id } == recent)
        }
    }

    private static func write(
        _ path: String, _ nowMs: Int64, _ body: (any Connection) throws -> Void
    ) throws {
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let database = try directory.openDatabase(nowMs: nowMs).database
        try database.write(body)
        try database.close()
    }
}
