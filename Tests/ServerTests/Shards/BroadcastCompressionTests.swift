import Logging
import Synchronization
import Testing
import Transport
import WebSocket

@testable import Server

@Suite struct BroadcastCompressionTests {
    @Test("a broadcast of 4 KiB to many is compressed once", .timeLimit(.minutes(1)))
    func once() async throws {
        let folder = try TemporaryFolder()
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = try await SalsaServer.start(
            ServerConfiguration(listen: [address], dataPath: folder.path + "/data", shards: 1),
            log: .silent)
        let sockets = try (0..<40).map { _ in
            let socket = try RawSocket(server.addresses[0])
            let head = try socket.upgrade(
                path: "/v1/socket",
                [
                    "Sec-WebSocket-Protocol: salsanor.v1.json",
                    "Sec-WebSocket-Extensions: permessage-deflate",
                ])
            #expect(head.contains("permessage-deflate"))
            // The greeting has left: nothing else waits for this member.
            #expect(socket.readFrame().first == 0x81)
            return socket
        }
        let text = Array(String(repeating: "clave y güiro ", count: 400).utf8.prefix(4_096))
        let message = SharedMessage(text: text)
        // Before the turn writes: what waits for each member, and where its memory is.
        let waiting = await withCheckedContinuation { continuation in
            server.shards[0].post { shard in
                let peers = shard.table.peers.all
                let tokens = peers.map(\.address.token)
                shard.receive([.shared(message, to: tokens, isDroppable: false)])
                continuation.resume(
                    returning: peers.compactMap { peer in
                        peer.web.map { $0.connection.outbox.chunk(0) }
                    })
            }
        }
        #expect(waiting.count == sockets.count)
        let frame = try #require(waiting.first)
        #expect(frame.count < 400 && frame[0] == 0xC1)
        // Made once: the same memory for all.
        let places = Set(
            waiting.map { chunk in
                unsafe chunk.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
            })
        #expect(places.count == 1)
        for socket in sockets { #expect(socket.readFrame() == frame) }
        await server.stop()
    }
}
