import CMallocCounter
import Testing
import WebSocket

@Suite struct AllocationTests {
    /// Receives each of the inputs, sends every message back, and takes the output away.
    private func echo(_ connection: inout Connection, _ input: [UInt8], rounds: Int) -> Int {
        var echoed = 0
        for _ in 0..<rounds {
            connection.receive(input.span, now: .zero)
            while let event = connection.nextEvent() {
                switch event {
                case .text(let text): echoed += connection.send(text: text) == .queued ? 1 : 0
                case .binary(let bytes):
                    echoed += connection.send(binary: bytes) == .queued ? 1 : 0
                default: break
                }
                connection.recycle(consume event)
            }
            connection.consumeOutput(bytes: connection.outbox.byteCount)
        }
        return echoed
    }

    /// Allocations of 10,000 rounds, after some for warming up.
    private func allocations(
        _ connection: inout Connection, _ input: [UInt8], messages: Int = 1
    ) -> UInt64 {
        #expect(echo(&connection, input, rounds: 20) == 20 * messages)
        let before = malloc_count()
        let echoed = echo(&connection, input, rounds: 10_000)
        let after = malloc_count()
        #expect(echoed == 10_000 * messages)
        return after - before
    }

    private func text(_ bytes: Int, _ word: String) -> [UInt8] {
        Array(String(repeating: word, count: bytes).utf8.prefix(bytes))
    }

    @Test("the count counts", .enabled(if: malloc_count_works() == 1))
    func counts() {
        let before = malloc_count()
        let arrays = (1...100).map { [Int](repeating: $0, count: $0) }
        #expect(malloc_count() - before >= 100)
        #expect(arrays.count == 100)
    }

    @Test(
        "an echoed message allocates nothing", .enabled(if: malloc_count_works() == 1),
        arguments: Side.allCases, [20, 1_024])
    func echo(side: Side, bytes: Int) {
        for word in ["a", "é"] {
            for first in [0x81, 0x82] as [UInt8] {
                var connection = side.connection()
                let frame = side.incoming(first, text(bytes, word))
                #expect(allocations(&connection, frame) == 0)
            }
        }
    }

    @Test(
        "nor do several that come at once, or in fragments",
        .enabled(if: malloc_count_works() == 1), arguments: Side.allCases)
    func batches(side: Side) {
        let frame = side.incoming(0x81, text(20, "a"))
        var connection = side.connection()
        #expect(allocations(&connection, frame + frame + frame + frame, messages: 4) == 0)
        let fragments =
            side.incoming(0x01, text(500, "a")) + side.incoming(0x80, text(524, "a"))
        #expect(allocations(&connection, fragments) == 0)
    }

    @Test(
        "nor does a compressed one", .enabled(if: malloc_count_works() == 1),
        arguments: Side.allCases, [noTakeover, takeover])
    func compressed(side: Side, parameters: DeflateParameters) {
        let configuration = DeflateConfiguration(messageBytesMin: 100)
        var sender = side.other.connection(noTakeover, configuration)
        #expect(sender.send(text: text(1_024, "salsa ")) == .queued)
        let frame = sender.takeOutput()
        #expect(frame.count < 200)
        var connection = side.connection(parameters, configuration)
        #expect(allocations(&connection, frame) == 0)
    }

    @Test("silence gives the memory back", .enabled(if: malloc_count_works() == 1))
    func released() {
        var connection = Side.server.connection()
        let frame = Side.server.incoming(0x81, text(1_024, "a"))
        #expect(allocations(&connection, frame) == 0)
        connection.deadlineReached(now: .seconds(25))
        connection.consumeOutput(bytes: connection.outbox.byteCount)
        let before = malloc_count()
        _ = echo(&connection, frame, rounds: 1)
        #expect(malloc_count() - before >= 3)
        // What is not given back is not missed.
        connection.receive(frame)
        #expect(connection.takeEvents() == [.text(text(1_024, "a"))])
    }
}
