import Glibc
import Testing

import Transport

@Suite(.timeLimit(.minutes(1)))
struct ListenerTests {
    @Test func `A port in use is said in words that help`() throws {
        let first = try Listener.bind(host: "127.0.0.1", port: 0)
        let error = #expect(throws: ListenError.self) {
            try Listener.bind(host: "127.0.0.1", port: first.port)
        }
        #expect(error == .inUse(host: "127.0.0.1", port: first.port))
        #expect(
            error?.description == "port \(first.port) on 127.0.0.1 is in use: "
                + "choose another with --port, or stop what holds it")
        first.close()
        let again = try Listener.bind(host: "127.0.0.1", port: first.port)
        #expect(again.port == first.port)
    }

    @Test func `A name, and an address of another machine, are refused`() {
        #expect(throws: ListenError.notAnAddress(host: "localhost")) {
            try Listener.bind(host: "localhost", port: 0)
        }
        #expect(throws: ListenError.notOfThisMachine(host: "192.0.2.1")) {
            try Listener.bind(host: "192.0.2.1", port: 0)
        }
    }

    @Test func `Running out of descriptors pauses, does not spin, and goes on by itself`()
        async throws
    {
        let tries = Box(0)
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let listener = try Listener.open(address) { fd in
            tries.update { $0 += 1 }
            return tries.value <= 2 ? .failed(code: EMFILE) : Listener.kernelAccept(fd)
        }
        let server = EchoServer(loop: try EventLoop(label: "emfile"), listener: listener)
        server.start()
        let start = EventLoop.now
        let client = try PlainClient(port: listener.port)
        _ = client.write([1, 2, 3])
        #expect(await blocking { client.read(3) } == [1, 2, 3])
        #expect(EventLoop.now - start >= Listener.exhaustedPause * 2)
        #expect(server.tally.value.pauses == 2)
        // Two refusals, the connection, and the end of the backlog.
        #expect(tries.value == 4)
        client.close()
        await server.stop()
        await server.loop.stopAndWait()
    }

    @Test func `The kernel's own limit of descriptors is survived`() async {
        await #expect(processExitsWith: .success) {
            let listener = try Listener.bind(host: "127.0.0.1", port: 0)
            let server = EchoServer(loop: try EventLoop(label: "limit"), listener: listener)
            server.start()
            let first = try PlainClient(port: listener.port)
            _ = first.write([1])
            #expect(await blocking { first.read(1) } == [1])
            let second = try PlainClient(port: listener.port)
            await server.tally.wait("accepted") { $0.accepted == 2 }
            // Leave no room for another, then connect one whose descriptor exists already.
            let third = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let before = rlimit(rlim_cur: 1024, rlim_max: 1024)
            var limit = rlimit(rlim_cur: rlim_t(third + 1), rlim_max: 1024)
            #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let address = try #require(SocketAddress(host: "127.0.0.1", port: listener.port))
            #expect(unsafe address.withKernelForm { unsafe connect(third, $0, $1) } == 0)
            await server.tally.wait("paused") { $0.pauses >= 1 }
            _ = first.write([2])
            #expect(await blocking { first.read(1) } == [2], "others are served meanwhile")
            limit = before
            #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            await server.tally.wait("accepted at last") { $0.accepted == 3 }
            second.close()
        }
    }

    private static let hasIPv6: Bool = {
        let listener = try? Listener.bind(host: "::1", port: 0)
        listener?.close()
        return listener != nil
    }()

    @Test(.enabled(if: hasIPv6, "this machine has no IPv6"))
    func `IPv6 connections carry their address`() async throws {
        let listener = try Listener.bind(host: "::1", port: 0)
        let loop = try EventLoop(label: "v6")
        let peers = Box<[SocketAddress?]>([])
        loop.start { batch in
            for _ in batch {
                _ = listener.accept(on: loop, now: EventLoop.now) { socket in
                    peers.update { $0.append(socket.peerAddress) }
                }
            }
        }
        loop.execute { try? loop.watch(fd: listener.fd, token: 1) }
        let client = try Socket.connect(to: listener.address)
        await peers.wait("accepted") { $0.count == 1 }
        let peer = try #require(peers.value.compactMap { $0 }.first)
        #expect(peer.host == "::1")
        #expect(peer.isLoopback)
        client.close()
        await loop.stopAndWait()
    }
}
