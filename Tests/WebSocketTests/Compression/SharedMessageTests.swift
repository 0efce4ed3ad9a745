import Model
import Testing
import WebSocket

@Suite struct SharedMessageTests {
    private static let configuration = DeflateConfiguration()

    private static func parameters(_ bits: Int, keeps: Bool = false) -> DeflateParameters {
        DeflateParameters(
            serverNoContextTakeover: !keeps, clientNoContextTakeover: true,
            serverMaxWindowBits: bits)
    }

    @Test("a broadcast to 1,000 is compressed once")
    func once() throws {
        var random = SplitMix64(seed: 5)
        let text = words(4_096, &random)
        let message = SharedMessage(text: text)
        var compressed: [UInt8]?
        var places: Set<UInt> = []
        for index in 0..<1_000 {
            let bits = [15, 15, 9, 12, 0][index % 5]
            var server =
                bits == 0
                ? Side.server.connection()
                : Side.server.connection(
                    Self.parameters(bits, keeps: index % 2 == 1), Self.configuration)
            #expect(server.enqueue(message) == .queued)
            if bits == 15 { places.insert(server.outbox.chunk(0).place) }
            let output = server.takeOutput()
            guard bits == 15 else {
                // A window that cannot hold it, or none.
                #expect(output == message.plain)
                continue
            }
            #expect(output.count < text.count / 2 && output == compressed ?? output)
            compressed = output
            var client = Side.client.connection(
                Self.parameters(bits, keeps: index % 2 == 1), Self.configuration)
            #expect(client.events(of: output) == [.text(text)])
        }
        // One frame, the same memory for all.
        #expect(compressed != nil && places.count == 1)
    }

    @Test("a narrow window holds a message that is shorter than it")
    func narrow() {
        let text = [UInt8](repeating: 0x61, count: 512)
        let message = SharedMessage(text: text)
        var server = Side.server.connection(Self.parameters(9), Self.configuration)
        var client = Side.client.connection(
            DeflateParameters(clientNoContextTakeover: true, serverMaxWindowBits: 9),
            Self.configuration)
        #expect(server.enqueue(message) == .queued)
        let output = server.takeOutput()
        #expect(output.count < 50)
        #expect(client.events(of: output) == [.text(text)])
    }

    @Test("RFC 7692 §7.2.1: between messages of a context that is taken over")
    func amongOthers() {
        var random = SplitMix64(seed: 6)
        let parameters = Self.parameters(15, keeps: true)
        var server = Side.server.connection(parameters, eager)
        var client = Side.client.connection(parameters, eager)
        let shared = words(3_000, &random)
        let message = SharedMessage(text: shared)
        for _ in 0..<10 {
            let own = words(2_000, &random)
            #expect(server.send(text: own) == .queued)
            #expect(server.enqueue(message) == .queued)
            #expect(server.send(text: own) == .queued)
            #expect(
                client.events(of: server.takeOutput())
                    == [.text(own), .text(shared), .text(own)])
        }
    }

    @Test("what is small or does not shrink stays plain")
    func plain() {
        var random = SplitMix64(seed: 7)
        let small = SharedMessage(text: Array("small".utf8))
        let noise = SharedMessage(
            text: (0..<256).map { _ in UInt8.random(in: 0...127, using: &random) })
        for message in [small, noise] {
            for _ in 0..<3 {
                var server = Side.server.connection(Self.parameters(15), Self.configuration)
                #expect(server.enqueue(message) == .queued)
                #expect(server.takeOutput() == message.plain)
            }
        }
    }

    @Test("an overflow or a Close keeps it out")
    func notQueued() {
        let message = SharedMessage(text: [UInt8](repeating: 0x61, count: 1_000))
        let limits = ConnectionLimits(outboxSoftMarkBytes: 10, outboxHardMarkBytes: 10)
        var server = Side.server.connection(
            Self.parameters(15), Self.configuration, limits: limits)
        #expect(server.enqueue(message) == .overflow)
        #expect(server.send(text: String(repeating: "a", count: 1_000)) == .overflow)
        server.close(code: .normal, now: .zero)
        #expect(server.enqueue(message) == .notOpen)
    }
}
