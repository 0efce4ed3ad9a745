import Model
import Replica
import Testing
import Wire

/// wire.md#methods, close-codes.md: a client across sockets.
@Suite struct SessionTests {
    private static let room = PatternReplicaTests.room

    /// A session, and what it sent.
    private final class Bench {
        var session: Session
        var now: Duration = .zero

        init(token: String? = "t") {
            session = Session(token: token, seed: 1)
        }

        func sent() throws -> [Request] {
            try session.takeOutgoing().map { bytes in
                guard case .single(.success(let request)) = try IncomingMessage(bytes: bytes) else {
                    throw WireError(.invalidRequest, String(decoding: bytes, as: UTF8.self))
                }
                return request
            }
        }

        func receive(_ message: ServerMessage) { session.receive(message.bytes, now: now) }

        func hello() {
            session.socketOpened(now: now)
            receive(
                .notification(method: "hello", params: ["timeMs": 1_000, "heartbeatSeconds": 25]))
        }

        func answer(_ request: Request?, _ result: JSON = [:]) {
            if let id = request?.id { receive(.result(id, result)) }
        }

        /// Opens the session, and gives what was sent for it.
        func open() throws -> Request? {
            hello()
            let request = try sent().first { $0.method == "session.open" }
            answer(request)
            return request
        }

        func joined(_ result: JoinResult = PatternReplicaTests.result()) {
            session.receive(
                Event(stream: .room(room), kind: .joined, data: result.json).bytes, now: now)
        }
    }

    @Test func `One round trip brings everything back`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        let first = try bench.open()
        #expect(first?.params["token"] == "t")
        #expect(first?.params["resume"]?.array?.count == 1)
        bench.joined()
        _ = bench.session.edit(Self.room, PatternReplicaTests.set("/title", "A"), now: bench.now)
        #expect(try bench.sent().map(\.method) == ["room.edit"])
        _ = bench.session.socketClosed(code: 1006, reason: "", now: bench.now)
        let second = try bench.open()
        let resume = second?.params["resume"]?.array?.first
        #expect(resume?["cursor"] == ["epoch": 1, "number": 10])
        #expect(resume?["replica"] == .string(PatternReplicaTests.id.text))
        bench.joined()
        let again = try bench.sent()
        #expect(again.map(\.method) == ["room.edit"])
        #expect(again.first?.params["seq"] == 1)
    }

    @Test func `close-codes 42xx, a client comes back at once, and backs off when sent away again`()
        throws
    {
        let bench = Bench()
        func sentAway() -> Duration? {
            let after = bench.session.socketClosed(code: 4201, reason: "slow", now: bench.now)
            guard case .reconnect(let at) = after else { return nil }
            return at - bench.now
        }
        bench.now = .seconds(10)
        _ = try bench.open()
        // At once, however young the socket was.
        #expect(sentAway() == .zero)
        var waits: [Duration] = []
        for _ in 0..<20 {
            _ = try bench.open()
            bench.now += .milliseconds(999)
            let wait = try #require(sentAway())
            waits.append(wait)
            bench.now += wait
        }
        // An open session in between is no success: it grows.
        #expect(waits.allSatisfy { $0 >= .milliseconds(Backoff.firstMs / 2) })
        #expect(try #require(waits.max()) > .seconds(1))
        _ = try bench.open()
        bench.now += .seconds(1)
        #expect(sentAway() == .zero)
        _ = try bench.open()
        let again = try #require(sentAway())
        #expect(again > .zero && again <= .milliseconds(Backoff.firstMs))
    }

    @Test func `close-codes 42xx, a delay that the server gives counts`() throws {
        let bench = Bench()
        _ = try bench.open()
        bench.receive(
            .notification(
                method: "bye", params: ["code": 4201, "reason": "slow", "retryAfterMs": 700]))
        let after = bench.session.socketClosed(code: 4201, reason: "slow", now: bench.now)
        #expect(after == .reconnect(at: bench.now + .milliseconds(700)))
    }

    @Test func `A room joined while the session is opening comes in too`() throws {
        let bench = Bench()
        bench.hello()
        let open = try bench.sent().first
        bench.session.join(Self.room)
        #expect(try bench.sent().isEmpty)
        bench.answer(open)
        #expect(try bench.sent().map(\.method) == ["room.join"])
    }

    @Test func `A room left while the session is opening is left on the server too`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        bench.hello()
        let open = try bench.sent().first
        bench.session.leave(Self.room)
        bench.answer(open)
        bench.joined()
        #expect(try bench.sent().map(\.method) == ["room.leave"])
    }

    @Test func `Calls that were not answered go out again on the next socket, once`() throws {
        let bench = Bench()
        _ = try bench.open()
        let id = bench.session.call(.patternGet, ["pattern": .string(Self.room.description)])
        #expect(try bench.sent().count == 1)
        _ = bench.session.socketClosed(code: 1006, reason: "", now: bench.now)
        _ = try bench.open()
        let again = try bench.sent()
        #expect(again.map(\.id) == [.integer(id ?? 0)])
        bench.answer(again.first, ["pattern": 1])
        bench.answer(again.first, ["pattern": 2])
        let answers = bench.session.takeOutputs().filter {
            if case .answer = $0 { true } else { false }
        }
        #expect(answers == [.answer(id ?? 0, .success(["pattern": 1]))])
    }

    @Test func `A token that is not taken asks for signing in, and a new one opens the session`()
        throws
    {
        let bench = Bench()
        bench.hello()
        let open = try bench.sent().first
        bench.receive(.failure(open?.id ?? .null, WireError(.unauthenticated, "no")))
        #expect(bench.session.takeOutputs() == [.signInNeeded(WireError(.unauthenticated, "no"))])
        _ = bench.session.call(.accountSignIn, ["email": "a", "password": "b"])
        #expect(try bench.sent().map(\.method) == ["account.signIn"])
        bench.session.setToken("u")
        #expect(try bench.sent().first?.params["token"] == "u")
    }

    @Test(arguments: ["internal", "access"])
    func `Sent away for a passing reason, a room is joined again; for another, it is gone`(
        _ passing: String
    ) throws {
        let bench = Bench()
        bench.session.join(Self.room)
        _ = try bench.open()
        bench.joined()
        func left(_ code: String) {
            let data: JSON = ["code": .string(code), "reason": "r"]
            bench.session.receive(
                Event(stream: .room(Self.room), kind: .left, data: data).bytes, now: bench.now)
        }
        left(passing)
        #expect(try bench.sent().isEmpty)
        let deadline = try #require(bench.session.nextDeadline)
        #expect(deadline > bench.now)
        bench.now = deadline
        bench.session.wake(now: bench.now)
        #expect(try bench.sent().map(\.method) == ["room.join"])
        left("fenced")
        #expect(bench.session.rooms[Self.room] == nil)
    }

    @Test func `A state that went astray is healed with the whole document`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        _ = try bench.open()
        bench.joined(PatternReplicaTests.result(hash: String(repeating: "0", count: 32)))
        let heal = try #require(try bench.sent().first)
        #expect(heal.method == "room.heal")
        #expect(heal.params["number"] == 10)
        bench.answer(heal, PatternReplicaTests.result(number: 11).json)
        #expect(bench.session.rooms[Self.room]?.cursor?.number == 11)
        #expect(try bench.sent().isEmpty)
    }

    @Test func `Heartbeats say what was applied and noted, soon after a refusal`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        _ = try bench.open()
        bench.joined()
        _ = bench.session.edit(Self.room, PatternReplicaTests.set("/title", ""), now: bench.now)
        _ = try bench.sent()
        let verdict = Verdict(seq: 1, error: WireError(.length, "no"))
        bench.session.receive(
            PatternReplicaTests.settled(1, refused: [verdict]).bytes, now: bench.now)
        let deadline = try #require(bench.session.nextDeadline)
        #expect(deadline <= bench.now + .seconds(1))
        bench.now = deadline
        bench.session.wake(now: bench.now)
        let beat = try #require(try bench.sent().first)
        #expect(beat.method == "heartbeat")
        #expect(
            beat.params["rooms"]?[Self.room.description] == ["number": 10, "confirmed": 1])
        #expect(try #require(bench.session.nextDeadline) > bench.now + .seconds(20))
    }

    // MARK: - Closing

    @Test(arguments: [UInt16(1000), 1006, 1011, 1012, 4301])
    func `A lost socket is opened again`(code: UInt16) throws {
        let bench = Bench()
        _ = try bench.open()
        guard
            case .reconnect(let at) = bench.session.socketClosed(
                code: code, reason: "", now: .seconds(5))
        else {
            Issue.record("gave up on \(code)")
            return
        }
        #expect(at > .seconds(5))
    }

    @Test func `What the server said before closing counts more than the code`() throws {
        let bench = Bench()
        _ = try bench.open()
        bench.receive(
            .notification(
                method: "bye", params: ["code": 1012, "reason": "restart", "retryAfterMs": 734]))
        let next = bench.session.socketClosed(code: 1006, reason: "", now: .seconds(5))
        #expect(next == .reconnect(at: .milliseconds(5_734)))
        let stop = bench.session.socketClosed(code: 1002, reason: "protocol", now: .seconds(6))
        #expect(stop == .stop(code: 1002, reason: "protocol"))
    }

    // MARK: - Time

    @Test func `Back-off grows, is spread, and has bounds`() {
        for seed in UInt64(1)...200 {
            var backoff = Backoff(seed: seed)
            for attempt in Int64(0)..<40 {
                let wait = backoff.next()
                let ceiling = min(Backoff.maxMs, Backoff.firstMs << min(attempt, 20))
                #expect(wait >= .milliseconds(Backoff.firstMs / 2))
                #expect(wait <= .milliseconds(ceiling))
            }
            backoff.reset()
            #expect(backoff.next() <= .milliseconds(Backoff.firstMs))
        }
        let waits = Set(
            (UInt64(1)...50).map { seed in
                var backoff = Backoff(seed: seed)
                for _ in 0..<8 { _ = backoff.next() }
                return backoff.next()
            })
        #expect(waits.count > 25, "clients do not come back together")
    }

    @Test func `Who plays asks for the time, often at first`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        _ = try bench.open()
        #expect(try bench.sent().map(\.method) == [])
        bench.session.measureClock(now: bench.now)
        func probes(in time: Duration) throws -> Int {
            let end = bench.now + time
            var count = 0
            while let due = bench.session.nextDeadline, due <= end {
                bench.now = max(due, bench.now)
                bench.session.wake(now: bench.now)
                for request in try bench.sent() where request.method == "clock" {
                    count += 1
                    let ms = Int64(bench.now / .milliseconds(1)) + 5_000
                    bench.answer(
                        request, ["receivedMs": .integer(ms), "answeredMs": .integer(ms)])
                }
            }
            bench.now = end
            return count
        }
        #expect(try probes(in: .seconds(3)) == 31)
        #expect(try probes(in: .seconds(40)) == 20)
        #expect(bench.session.clock.serverTimeMs(at: .seconds(100)) == 105_000)
        _ = bench.session.socketClosed(code: 1006, reason: "", now: bench.now)
        #expect(bench.session.nextDeadline == nil)
    }

    /// Found by fuzzing: the next edit would have had no number.
    @Test func `A replica settled through the end of all numbers is not taken up`() throws {
        let bench = Bench()
        bench.session.join(Self.room)
        _ = try bench.open()
        bench.joined(PatternReplicaTests.result(through: .max))
        _ = bench.session.edit(Self.room, PatternReplicaTests.set("/title", "A"), now: bench.now)
        #expect(try bench.sent().isEmpty)
    }
}
