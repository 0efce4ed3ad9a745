import Client
import Model
import Storage
import Testing
import Transport
import Wire

@testable import Server

/// A server with people who are signed in, and patterns of the first of them.
final class SocialHouse {
    let folder: TemporaryFolder
    private(set) var server: SalsaServer
    let url: String
    private(set) var clients: [SalsaClient] = []

    static func user(_ number: Int) -> Identifier { House.id(1_000 + UInt64(number)) }
    static func pattern(_ number: Int) -> Identifier { House.id(2_000 + UInt64(number)) }
    static func session(_ number: Int) -> Identifier { House.id(3_000 + UInt64(number)) }
    static func token(_ number: Int) -> String {
        Secret.make(
            prefix: SessionToken.prefix, random: Array(repeating: UInt8(number + 1), count: 32))
    }

    var dataPath: String { folder.path + "/data" }

    /// - Parameters:
    ///   - people: accounts, each with an open socket; the first owns the patterns.
    ///   - administrators: which of them are.
    init(
        people: Int, patterns: Int = 1, administrators: Set<Int> = [], shards: Int = 1
    ) async throws {
        folder = try TemporaryFolder()
        let dataPath = folder.path + "/data"
        try Self.fill(
            dataPath, people: people, patterns: patterns, administrators: administrators)
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        server = try await SalsaServer.start(
            ServerConfiguration(listen: [address], dataPath: dataPath, shards: shards),
            log: .silent)
        url = "ws://\(server.addresses[0])"
        for number in 0..<people {
            let client = try SalsaClient(url: url)
            try await client.open(token: Self.token(number))
            clients.append(client)
        }
    }

    private static func fill(
        _ path: String, people: Int, patterns: Int, administrators: Set<Int>
    ) throws {
        let nowMs = EventLoop.wallClockMs
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let opened = try directory.openDatabase(nowMs: nowMs)
        try opened.database.write { connection in
            for number in 0..<people {
                let id = user(number)
                try UserStore(connection).insert(
                    UserRecord(
                        id: id, email: "Ana\(number)@example.org",
                        emailNormalised: "ana\(number)@example.org", passwordHash: nil,
                        displayName: "Ana \(number)", isAdmin: administrators.contains(number),
                        createdMs: nowMs),
                    preferences: PreferencesRecord(
                        id: House.id(4_000 + UInt64(number)), user: id, createdMs: nowMs))
                try SessionStore(connection).insert(
                    SessionRecord(
                        id: session(number), user: id,
                        tokenSHA256: Secret.sha256(token(number)),
                        expiresMs: nowMs + SessionToken.lifetimeMs, createdMs: nowMs))
            }
            for number in 0..<patterns {
                try PatternStore(connection).insert(
                    PatternRecord(
                        id: pattern(number), owner: user(0),
                        content: House.pattern(1).content, isPublic: true, createdMs: nowMs))
                try RoomStore(connection).create(
                    pattern(number), epoch: opened.incarnation.epochMs)
            }
        }
        try opened.database.close()
    }

    /// Stops the server, and starts another on the same data and port.
    ///
    /// - Parameter change: what is written meanwhile.
    func restart(change: ((any Connection) throws -> Void)? = nil) async throws {
        await server.stop()
        if let change {
            let directory = try DataDirectory(path: dataPath)
            defer { directory.release() }
            let database = try directory.openDatabase(nowMs: EventLoop.wallClockMs).database
            try database.write(change)
            try database.close()
        }
        server = try await SalsaServer.start(
            ServerConfiguration(
                listen: server.addresses, dataPath: dataPath, shards: server.shards.count),
            log: .silent)
    }

    /// Stops the server and looks at what it leaves on the disk.
    func stop<Result>(_ look: (any Connection) throws -> Result) async throws -> Result {
        for client in clients { client.close() }
        await server.stop()
        let directory = try DataDirectory(path: dataPath)
        defer { directory.release() }
        let database = try directory.openDatabase(nowMs: EventLoop.wallClockMs).database
        defer { try? database.close() }
        return try database.read(look)
    }

    /// Calls as one of the people; a write gets a fresh `opId`.
    @discardableResult
    func call(
        _ person: Int, _ method: Wire.Method, _ params: JSON.Object
    ) async throws -> JSON.Object {
        try await Self.call(clients[person], method, params)
    }

    static func call(
        _ client: SalsaClient, _ method: Wire.Method, _ params: JSON.Object
    ) async throws -> JSON.Object {
        var params = params
        if method.description.params.contains(where: { $0.name == "opId" }) {
            params["opId"] = .string(NewIdentifier.make(nowMs: 1).description)
        }
        return try await client.call(method, params).object ?? [:]
    }

    /// The error that a call is refused with; nil when it is not.
    func refusal(
        _ person: Int, _ method: Wire.Method, _ params: JSON.Object
    ) async -> String? {
        do {
            try await call(person, method, params)
            return nil
        } catch let ClientError.refused(error) {
            return error.code
        } catch {
            return "\(error)"
        }
    }
}

extension JSON.Object {
    static func pattern(_ number: Int = 0) -> JSON.Object {
        ["pattern": .string(SocialHouse.pattern(number).description)]
    }

    static func user(_ number: Int) -> JSON.Object {
        ["user": .string(SocialHouse.user(number).description)]
    }
}
