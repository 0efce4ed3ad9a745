import Client
import Foundation
import Logging
import Server
import Storage
import TestSupport
import Testing
import Transport

/// Sockets and the homes of rooms on different event loops: what the thread sanitizer looks at.
@Suite(.serialized) struct CrossShardTests {
    private static let bpm = "/machines/Salsa/bpm"
    private static let volume = "/machines/Salsa/instruments/cowbell/volume"

    /// A server over a folder, and one account's clients.
    private final class Stage {
        let folder: TemporaryFolder
        private var server: SalsaServer?
        let port: UInt16
        let url: String
        let token: String

        static func start(
            in folder: TemporaryFolder, shards: Int, port: UInt16 = 0
        ) async throws -> SalsaServer {
            let address = try #require(SocketAddress(host: "127.0.0.1", port: port))
            let configuration = ServerConfiguration(
                listen: [address], dataPath: folder.path + "/data", shards: shards)
            return try await SalsaServer.start(configuration, log: .silent)
        }

        /// Stops the server and lets go of it.
        func stop() async {
            await server?.stop()
            server = nil
        }

        init(shards: Int) async throws {
            folder = try TemporaryFolder()
            let server = try await Self.start(in: folder, shards: shards)
            self.server = server
            port = server.addresses[0].port
            url = "ws://\(server.addresses[0])"
            let client = try SalsaClient(url: url)
            token = try await client.signIn(
                email: "demo@salsabeatmachine.org", password: "demo123"
            ).token
            client.close()
        }

        func client() async throws -> SalsaClient {
            let client = try SalsaClient(url: url)
            try await client.open(token: token)
            return client
        }

        func clients(_ count: Int) async throws -> [SalsaClient] {
            var clients: [SalsaClient] = []
            for _ in 0..<count { clients.append(try await client()) }
            return clients
        }

        func patterns(_ count: Int, by client: SalsaClient) async throws -> [String] {
            var patterns: [String] = []
            for number in 0..<count {
                patterns.append(try await client.patterns.create(title: "Rueda \(number)").id)
            }
            return patterns
        }
    }

    /// Waits until all rooms of one pattern show the same confirmed document at one number.
    private func agree(_ rooms: [LiveRoom]) async throws {
        try await eventually("all have the same document") {
            var states: Set<RoomState> = []
            var documents: Set<PatternDocument?> = []
            for room in rooms {
                guard let state = await room.state, state.pendingCount == 0, state.isLive else {
                    return false
                }
                states.insert(state)
                documents.insert(await room.confirmed)
                guard await room.document == room.confirmed else { return false }
            }
            return documents.count == 1 && Set(states.map(\.number)).count == 1
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [2, 4])
    func `Many clients edit many rooms at once, and all end with the same`(
        shards: Int
    ) async throws {
        let stage = try await Stage(shards: shards)
        let clients = try await stage.clients(6)
        let patterns = try await stage.patterns(5, by: clients[0])
        // Each client is in four of the five rooms.
        let rooms = Shared<[String: [LiveRoom]]>([:])
        try await withThrowingTaskGroup { group in
            for (index, client) in clients.enumerated() {
                group.addTask {
                    for (number, pattern) in patterns.enumerated()
                    where number % 5 != index % 5 {
                        let room = try await client.join(pattern)
                        rooms.withLock { $0[pattern, default: []].append(room) }
                        for step in 0..<15 {
                            let bpm = 80 + (index * 15 + step) % 170
                            var edit = Edit(set: Self.bpm, to: .integer(Int64(bpm)))
                            edit.set(Self.volume, to: .number(Double(step) / 100))
                            let handle = room.edit(edit)
                            if step % 5 == 0 { try await handle.settled() }
                            if step % 7 == 0 { room.touch(Self.bpm) }
                        }
                        try await room.edit(Edit(set: "/title", to: .text("by \(index)"))).settled()
                    }
                }
            }
            try await group.waitForAll()
        }
        for (pattern, here) in rooms.withLock({ $0 }) {
            try await agree(here)
            let state = try #require(await here[0].state)
            #expect(state.number == 16 * Int64(here.count))
            let stored = try await clients[0].patterns.get(pattern)
            #expect(await here[0].confirmed?.fields[Self.bpm] == stored.document.fields[Self.bpm])
            for room in here {
                try await eventually("presence counts right") {
                    let members = await room.members
                    let count = await room.state?.memberCount
                    return count == here.count && members.count == here.count
                        && members.filter(\.isSelf).count == 1
                }
            }
        }
        for client in clients.dropFirst(3) { client.close() }
        for (_, here) in rooms.withLock({ $0 }) {
            var left: [LiveRoom] = []
            for room in here where await room.state != nil { left.append(room) }
            for room in left {
                let count = left.count
                try await eventually("those who went are not counted") {
                    await room.state?.memberCount == count
                }
            }
        }
        for client in clients { client.close() }
        await stage.stop()
    }

    @Test(.timeLimit(.minutes(2)), arguments: [2, 4])
    func `A client whose socket broke resumes, and what waited arrives`(shards: Int) async throws {
        let stage = try await Stage(shards: shards)
        let clients = try await stage.clients(3)
        let patterns = try await stage.patterns(3, by: clients[0])
        var rooms: [String: [LiveRoom]] = [:]
        for pattern in patterns {
            for client in clients {
                rooms[pattern, default: []].append(try await client.join(pattern))
            }
        }
        for round in 0..<6 {
            let client = clients[round % clients.count]
            var handles: [EditHandle] = []
            for here in rooms.values {
                for (index, room) in here.enumerated() {
                    handles.append(
                        room.edit(Edit(set: Self.bpm, to: .integer(Int64(100 + round * 3 + index))))
                    )
                }
            }
            client.onCore { $0.link?.abort("a lost network", now: EventLoop.now) }
            for here in rooms.values {
                for room in here {
                    handles.append(room.edit(Edit(set: "/title", to: .text("round \(round)"))))
                }
            }
            for handle in handles { try await handle.settled() }
        }
        for here in rooms.values {
            try await agree(here)
            #expect(await here[0].confirmed?.title == "round 5")
            for room in here {
                try await eventually("nobody is counted twice") {
                    await room.state?.memberCount == here.count
                }
            }
        }
        for client in clients {
            #expect(await client.readCore { $0.connectCount } == 3)
            client.close()
        }
        await stage.stop()
    }

    @Test(.timeLimit(.minutes(2)), arguments: [2, 4])
    func `A stop sends clients away with 1012, and they come back to the next server`(
        shards: Int
    ) async throws {
        let stage = try await Stage(shards: shards)
        let clients = try await stage.clients(5)
        let patterns = try await stage.patterns(3, by: clients[0])
        var rooms: [String: [LiveRoom]] = [:]
        for pattern in patterns {
            for client in clients {
                rooms[pattern, default: []].append(try await client.join(pattern))
            }
        }
        let endings = Shared<[ConnectionState]>([])
        let watchers = clients.map { client in
            Task {
                for await state in client.states {
                    guard case .offline = state else { continue }
                    endings.withLock { $0.append(state) }
                    return
                }
            }
        }
        // Some are on their way when it stops; some are made while nobody listens.
        var handles: [EditHandle] = []
        for here in rooms.values {
            for (index, room) in here.enumerated() {
                handles.append(room.edit(Edit(set: Self.bpm, to: .integer(Int64(120 + index)))))
            }
        }
        await stage.stop()
        for watcher in watchers { await watcher.value }
        for ending in endings.withLock({ $0 }) {
            guard case .offline(let reason, let retryIn) = ending else { continue }
            #expect(retryIn >= .milliseconds(50) && retryIn <= .milliseconds(2_000), "\(reason)")
            #expect(!reason.contains("lost"), "\(reason)")
        }
        for here in rooms.values {
            for (index, room) in here.enumerated() {
                handles.append(
                    room.edit(Edit(set: "/description", to: .text("while away \(index)"))))
            }
        }
        let second = try await Stage.start(
            in: stage.folder, shards: shards, port: stage.port)
        for handle in handles { try await handle.settled() }
        for (pattern, here) in rooms {
            try await agree(here)
            #expect(await here[0].confirmed?.description.hasPrefix("while away") == true)
            let stored = try await clients[0].patterns.get(pattern)
            #expect(stored.number == 10)
            #expect(stored.document == (await here[0].confirmed))
        }
        for client in clients { client.close() }
        await second.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `Once it has stopped, the data directory is free`() async throws {
        let folder = try TemporaryFolder()
        let configuration = ServerConfiguration(
            listen: [try #require(SocketAddress(host: "127.0.0.1", port: 0))],
            dataPath: folder.path + "/data", shards: 2)
        let first = try await SalsaServer.start(configuration, log: .silent)
        await first.stop()
        let second = try await SalsaServer.start(configuration, log: .silent)
        await second.stop()
        #expect(!first.addresses.isEmpty)
    }

    @Test(.timeLimit(.minutes(3)))
    func `Starting and stopping again and again leaves nothing behind`() async throws {
        let folder = try TemporaryFolder()
        let client: SalsaClient
        let room: LiveRoom
        var port: UInt16 = 0
        do {
            let server = try await Stage.start(in: folder, shards: 2)
            port = server.addresses[0].port
            client = try SalsaClient(url: "ws://\(server.addresses[0])")
            try await client.signIn(email: "demo@salsabeatmachine.org", password: "demo123")
            room = try await client.join("\(try #require(server.demoPattern))")
            await server.stop()
        }
        let rounds = 20
        var before = try #require(ProcessUsage.of())
        for round in 0..<rounds {
            weak var left: SalsaServer?
            do {
                let server = try await Stage.start(in: folder, shards: 2, port: port)
                left = server
                try await room.edit(Edit(set: Self.bpm, to: .integer(Int64(100 + round)))).settled()
                await server.stop()
            }
            #expect(left == nil)
            // The first rounds fill caches of the process.
            if round == 2 { before = try #require(ProcessUsage.of()) }
        }
        client.close()
        let databases = Self.descriptors(under: folder.path).filter { $0.contains("sqlite") }
        #expect(databases.isEmpty)
        // Other tests may open some meanwhile; what each round leaves is more than they do.
        let most = (before.descriptors ?? 0) + rounds / 2
        #expect(ProcessUsage.of()?.descriptors ?? .max <= most)
        let after = try #require(ProcessUsage.of())
        let grown = after.residentBytes - before.residentBytes
        #expect(grown < 64 << 20, "\(grown) bytes")
    }

    /// Files of a folder that this process holds open.
    private static func descriptors(under path: String) -> [String] {
        let manager = FileManager.default
        return (try? manager.contentsOfDirectory(atPath: "/proc/self/fd"))?.compactMap {
            try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }.filter { $0.contains(path) } ?? []
    }
}
