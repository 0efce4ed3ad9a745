import CMallocCounter
import Testing
import WebSocket

@Suite struct AllocationTests {
    /// A connection with memory of its own, or with what a loop lends.
    private struct Echo: ~Copyable {
        var connection: Connection
        var lent: SpareBuffers?

        /// Receives the input, sends every message back, and takes the output away.
        mutating func run(_ input: [UInt8], rounds: Int) -> Int {
            var echoed = 0
            for _ in 0..<rounds {
                if var spares = lent.take() {
                    echoed += receive(input, &spares)
                    lent = consume spares
                } else {
                    echoed += receive(input)
                }
                takeOutput()
            }
            return echoed
        }

        private mutating func receive(_ input: [UInt8]) -> Int {
            var (offset, echoed) = (0, 0)
            while let event = connection.nextEvent(of: input.span, from: &offset, now: .zero) {
                echoed += answer(event)
                connection.recycle(consume event)
            }
            return echoed
        }

        private mutating func receive(_ input: [UInt8], _ spares: inout SpareBuffers) -> Int {
            var (offset, echoed) = (0, 0)
            var next = connection.nextEvent(
                of: input.span, from: &offset, now: .zero, lentBy: &spares)
            while let event = next.take() {
                echoed += answer(event)
                next = connection.nextEvent(
                    of: input.span, from: &offset, now: .zero, lentBy: &spares,
                    recycling: consume event)
            }
            return echoed
        }

        private mutating func answer(_ event: Event) -> Int {
            switch event {
            case .text(let text): connection.send(text: text) == .queued ? 1 : 0
            case .binary(let bytes): connection.send(binary: bytes) == .queued ? 1 : 0
            default: 0
            }
        }

        private mutating func takeOutput() {
            let bytes = connection.outbox.byteCount
            guard var spares = lent.take() else { return connection.consumeOutput(bytes: bytes) }
            connection.consumeOutput(bytes: bytes, keepsMemory: true)
            connection.giveBack(to: &spares)
            lent = consume spares
        }

        /// Allocations of 10,000 rounds, after some for warming up.
        mutating func allocations(_ input: [UInt8], messages: Int = 1) -> UInt64 {
            #expect(run(input, rounds: 20) == 20 * messages)
            let before = malloc_count()
            let echoed = run(input, rounds: 10_000)
            let after = malloc_count()
            #expect(echoed == 10_000 * messages)
            return after - before
        }
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
                let frame = side.incoming(first, text(bytes, word))
                var own = Echo(connection: side.connection())
                #expect(own.allocations(frame) == 0)
                var lent = Echo(connection: side.connection(), lent: SpareBuffers())
                #expect(lent.allocations(frame) == 0)
            }
        }
    }

    @Test(
        "nor do several that come at once, or in fragments",
        .enabled(if: malloc_count_works() == 1), arguments: Side.allCases)
    func batches(side: Side) {
        let frame = side.incoming(0x81, text(20, "a"))
        var echo = Echo(connection: side.connection())
        #expect(echo.allocations(frame + frame + frame + frame, messages: 4) == 0)
        let fragments =
            side.incoming(0x01, text(500, "a")) + side.incoming(0x80, text(524, "a"))
        #expect(echo.allocations(fragments) == 0)
    }

    @Test(
        "nor do eight of 1 KiB that come at once, with a loop's memory",
        .enabled(if: malloc_count_works() == 1), arguments: Side.allCases)
    func eight(side: Side) {
        let frames = (0..<8).flatMap { _ in side.incoming(0x81, text(1_024, "a")) }
        var echo = Echo(connection: side.connection(), lent: SpareBuffers())
        #expect(echo.allocations(frames, messages: 8) == 0)
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
        var echo = Echo(connection: side.connection(parameters, configuration))
        #expect(echo.allocations(frame) == 0)
    }

    @Test(
        "RFC 6455 §10.4: what a frame claims is not allocated before it comes",
        .enabled(if: malloc_count_works() == 1), arguments: Side.allCases)
    func claims(side: Side) {
        var connection = side.connection()
        let frame = side.incoming(0x82, [UInt8](repeating: 1, count: 1_000_000))
        let before = malloc_bytes()
        connection.receive(Array(frame.prefix(20)))
        #expect(connection.isOpen && malloc_bytes() - before < 40_000)
        connection.receive(Array(frame.dropFirst(20)))
        #expect(connection.takeEvents().count == 1 && malloc_bytes() - before > 1_000_000)
    }

    @Test("silence gives the memory back", .enabled(if: malloc_count_works() == 1))
    func released() {
        var echo = Echo(connection: Side.server.connection())
        let frame = Side.server.incoming(0x81, text(1_024, "a"))
        #expect(echo.allocations(frame) == 0)
        echo.connection.deadlineReached(now: .seconds(25))
        echo.connection.consumeOutput(bytes: echo.connection.outbox.byteCount)
        let before = malloc_count()
        _ = echo.run(frame, rounds: 1)
        #expect(malloc_count() - before >= 2)
        // What is not given back is not missed.
        echo.connection.receive(frame)
        #expect(echo.connection.takeEvents() == [.text(text(1_024, "a"))])
    }
}
