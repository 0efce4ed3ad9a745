import Model
import Testing
import Wire

@testable import Server

/// `Protocol/notifications.md#streams-and-delivery`
struct StreamPositionTests {
    private static func live(at number: Int64) -> Held {
        let position = Held(number: number)
        position.read(through: number, last: nil, isLast: true)
        return position
    }

    @Test func `A live stream sends what is next, once`() {
        let position = Self.live(at: 7)
        #expect(position.phase == .live)
        #expect(position.arrived(from: 7, through: 8) == .send)
        #expect(position.arrived(from: 7, through: 8) == .skip)
        // Spans of several numbers, and numbers with gaps, as feeds have them.
        #expect(position.arrived(from: 0, through: 20) == .send)
        #expect(position.number == 20)
        #expect(position.phase == .live)
    }

    @Test func `What is committed during a replay comes with a page`() {
        let position = Held(number: 3)
        #expect(position.arrived(from: 5, through: 6) == .skip)
        // This page was read before that commit.
        position.read(through: 5, last: 5, isLast: true)
        #expect(position.phase == .waiting)
        #expect(position.drained())
        #expect(position.arrived(from: 6, through: 7) == .skip)
        position.read(through: 7, last: 7, isLast: true)
        #expect(position.phase == .live)
        // The push of what the page had already.
        #expect(position.arrived(from: 6, through: 7) == .skip)
        #expect(position.arrived(from: 7, through: 8) == .send)
    }

    @Test func `The next page waits until the last was taken`() {
        let position = Held(number: 0)
        position.read(through: 100, last: 100, isLast: false)
        #expect(position.phase == .waiting)
        #expect(position.drained())
        #expect(position.phase == .reading)
        #expect(!position.drained())
        position.read(through: 150, last: 149, isLast: true)
        #expect(position.phase == .live)
        #expect(position.number == 150)
        #expect(position.sent == 149)
    }

    @Test func `A slow reader is pushed nothing, and reads what it missed`() {
        let position = Self.live(at: 7)
        position.fallBehind()
        #expect(position.arrived(from: 7, through: 8) == .skip)
        #expect(position.drained())
        position.read(through: 8, last: 8, isLast: true)
        #expect(position.arrived(from: 8, through: 9) == .send)
    }

    @Test func `A slow reader that missed nothing reads nothing`() {
        let position = Self.live(at: 7)
        position.fallBehind()
        #expect(!position.drained())
        #expect(position.phase == .live)
    }

    @Test func `A change of what a stream is made of makes it read`() {
        let position = Self.live(at: 7)
        position.fallBehind(mustRead: true)
        #expect(position.drained())
        // And once more when it changes while that goes on.
        position.fallBehind(mustRead: true)
        position.read(through: 9, last: nil, isLast: true)
        #expect(position.phase == .waiting)
        #expect(position.drained())
        position.read(through: 9, last: nil, isLast: true)
        #expect(position.phase == .live)
    }

    @Test func `A push with something missing before it makes the stream read`() {
        let position = Self.live(at: 7)
        #expect(position.arrived(from: 8, through: 9) == .skip)
        #expect(position.phase == .waiting)
        #expect(position.drained())
    }

    @Test func `A dropped latest-wins event is made up for`() {
        let position = Self.live(at: 0)
        #expect(position.arrived() == .send)
        position.fallBehind()
        #expect(position.arrived() == .skip)
        #expect(position.drained())
    }

    @Test func `An acknowledgement is of what was sent`() {
        let position = Self.live(at: 7)
        position.acknowledge(12)
        #expect(position.acknowledged == 7)
        position.acknowledge(3)
        #expect(position.acknowledged == 7)
    }

    @Test(arguments: [
        (Cursor(epoch: 1, number: 5), true, 5), (Cursor(epoch: 1, number: 3), true, 3),
        (Cursor(epoch: 1, number: 9), true, 9), (Cursor(epoch: 1, number: 10), false, 9),
        (Cursor(epoch: 1, number: 2), false, 9), (Cursor(epoch: 2, number: 5), false, 9),
        (nil, false, 9),
    ])
    func `A stream goes on complete, or not at all`(
        asked: Cursor?, recovered: Bool, number: Int64
    ) {
        let opening = StreamOpening(asked: asked, epoch: 1, floor: 3, head: 9)
        #expect(
            opening
                == StreamOpening(
                    recovered: recovered, cursor: Cursor(epoch: 1, number: number)))
    }

    /// Pushes and pages in any order and at any speed: each number comes once, in order.
    @Test func `Random replays lose nothing and double nothing`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("streams: seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            var head: Int64 = .random(in: 0...5, using: &random)
            let position = Held(number: .random(in: 0...head, using: &random))
            var expected = position.number
            var reading: (after: Int64, head: Int64)? = (position.number, head)
            var pushes: [Int64] = []
            func take(_ number: Int64) {
                #expect(number == expected + 1, "seed \(seed)")
                expected = number
            }
            for step in 0..<60 {
                let isEnding = step >= 40
                switch Int.random(in: 0..<5, using: &random) {
                case 0 where !isEnding:
                    head += 1
                    pushes.append(head)
                case 1:
                    guard let number = pushes.first else { continue }
                    pushes.removeFirst()
                    if position.arrived(from: number - 1, through: number) == .send {
                        take(number)
                    }
                case 2:
                    // The reader's snapshot is of when it began; pages are of three events.
                    guard let page = reading else { continue }
                    let through = min(page.after + 3, page.head)
                    if through > page.after { for n in page.after + 1...through { take(n) } }
                    position.read(
                        through: through, last: through, isLast: through == page.head)
                    reading = nil
                case 3 where !isEnding: position.fallBehind()
                default:
                    if position.drained() { reading = (position.number, head) }
                }
            }
            for number in pushes
            where position.arrived(from: number - 1, through: number) == .send {
                take(number)
            }
            while position.phase != .live {
                if let page = reading {
                    if page.head > page.after { for n in page.after + 1...page.head { take(n) } }
                    position.read(through: page.head, last: page.head, isLast: true)
                }
                reading = position.drained() ? (position.number, head) : nil
            }
            #expect(expected == head, "seed \(seed)")
        }
    }
}

/// A position that an expectation may change.
private final class Held {
    private var position: StreamPosition

    init(number: Int64) { position = StreamPosition(number: number) }

    var phase: StreamPosition.Phase { position.phase }
    var number: Int64 { position.number }
    var sent: Int64 { position.sent }
    var acknowledged: Int64 { position.acknowledged }

    func arrived(from: Int64, through: Int64) -> StreamPosition.Arrival {
        position.arrived(from: from, through: through)
    }
    func arrived() -> StreamPosition.Arrival { position.arrived() }
    func read(through: Int64, last: Int64?, isLast: Bool) {
        position.read(through: through, last: last, isLast: isLast)
    }
    func fallBehind(mustRead: Bool = false) { position.fallBehind(mustRead: mustRead) }
    func drained() -> Bool { position.drained() }
    func acknowledge(_ number: Int64) { position.acknowledge(number) }
}
