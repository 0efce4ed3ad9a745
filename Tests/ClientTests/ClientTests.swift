import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Transport

@testable import Client

@Suite(.serialized) struct ClientTests {
    @Test func `an edit is shown at once, saved, and seen by another client`() async throws {
        let stage = try await Stage.open()
        let other = try SalsaClient(url: stage.server.url, loop: stage.client.loop)
        try await other.openAsGuest()
        let listening = try await other.join("\(Fixture.room)")
        await stage.server.set { $0.holdsCommits = true }
        let handle = stage.room.edit(Edit(set: bpm, to: 190))
        #expect(await stage.room.document?.machine?.bpm == 190)
        #expect(await stage.room.confirmed?.machine?.bpm == 180)
        #expect(!handle.isSettled)
        await stage.server.set { $0.holdsCommits = false }
        try await handle.settled()
        #expect(handle.isSettled)
        #expect(await stage.room.confirmed?.machine?.bpm == 190)
        try await eventually("the other sees it") {
            await listening.document?.machine?.bpm == 190
        }
        #expect(await listening.state?.role == "guest")
        try await eventually("both are listed") { await stage.room.members.count == 2 }
        await stage.close()
    }

    @Test func `a refusal says what is allowed and what stands, and drops that edit only`()
        async throws
    {
        let stage = try await Stage.open()
        await stage.server.set { $0.holdsCommits = true }
        let good = stage.room.edit(Edit(set: bpm, to: 170))
        let bad = stage.room.edit(Edit(set: bpm, to: 251))
        let later = stage.room.edit(Edit(set: "/title", to: "Mambo"))
        await stage.server.set { $0.holdsCommits = false }
        try await good.settled()
        try await later.settled()
        await #expect {
            try await bad.settled()
        } throws: { error in
            guard case ClientError.refused(let refusal)? = error as? ClientError else {
                return false
            }
            return refusal.code == "outOfRange" && refusal.path == bpm
                && refusal.allowed?.contains("80..250") == true
                && refusal.value == .integer(170) && !refusal.isRetryable
        }
        let document = try #require(await stage.room.document)
        #expect(document.machine?.bpm == 170)
        #expect(document.title == "Mambo")
        await stage.close()
    }

    @Test func `what was made while the server was away arrives, once`() async throws {
        let stage = try await Stage.open()
        try await stage.room.edit(Edit(set: bpm, to: 100)).settled()
        try await stage.server.crash()
        try await eventually("the loss is noticed") {
            if case .offline = await stage.client.state { true } else { false }
        }
        let first = stage.room.edit(Edit(set: bpm, to: 101))
        let second = stage.room.edit(Edit(set: bpm, to: 102))
        #expect(await stage.room.document?.machine?.bpm == 102)
        try await stage.server.restart()
        try await first.settled()
        try await second.settled()
        #expect(await stage.room.state?.pendingCount == 0)
        // Never sent before, so the later value went alone.
        let head = await stage.server.head
        #expect(head == 2)
        #expect(await stage.room.confirmed?.machine?.bpm == 102)
        await stage.close()
    }

    @Test func `edits that were sent and not acknowledged are sent again with their dots`()
        async throws
    {
        let stage = try await Stage.open()
        await stage.server.set { $0.swallowsEdits = true }
        let handles = (0..<5).map { stage.room.edit(Edit(set: bpm, to: .integer(100 + $0))) }
        try await eventually("they were sent") { await stage.server.counts.edits == 5 }
        await stage.server.set { $0.swallowsEdits = false }
        await stage.server.dropAll()
        for handle in handles { try await handle.settled() }
        let records = await stage.server.records
        #expect(records.map(\.dot.seq) == [1, 2, 3, 4, 5])
        #expect(Set(records.map(\.dot.replica)).count == 1)
        #expect(await stage.room.confirmed?.machine?.bpm == 104)
        await stage.close()
    }

    @Test func `an edit whose acknowledgement was lost is not applied twice`() async throws {
        let stage = try await Stage.open()
        await stage.server.set { $0.holdsCommits = true }
        let handle = stage.room.edit(Edit(set: bpm, to: 111))
        try await eventually("it was sent") { await stage.server.counts.edits == 1 }
        // Taken, and the socket goes before the answer.
        await stage.server.dropAll()
        await stage.server.set { $0.holdsCommits = false }
        try await handle.settled()
        #expect(await stage.server.head == 1)
        await stage.close()
    }

    @Test func `a write whose answer was lost is sent again under the same opId`() async throws {
        let stage = try await Stage.open()
        await stage.server.set { $0.answersNoLikes = true }
        let client = stage.client
        let like = Task { try await client.patterns.like("\(Fixture.room)") }
        try await eventually("it was sent") { await stage.server.counts.likes.count == 1 }
        await stage.server.set { $0.answersNoLikes = false }
        await stage.server.dropAll()
        #expect(try await like.value == 1)
        try await client.patterns.like("\(Fixture.room)")
        let likes = await stage.server.counts.likes
        #expect(likes.count == 3 && likes[0] == likes[1] && likes[1] != likes[2])
        #expect(likes.allSatisfy { Identifier($0) != nil })
        await stage.close()
    }

    @Test func `an answer of another shape is an error that names the call and the place`()
        async throws
    {
        let stage = try await Stage.open()
        await #expect {
            try await stage.client.patterns.get("\(Fixture.room)")
        } throws: { error in
            guard case ClientError.unreadable(let what)? = error as? ClientError else {
                return false
            }
            return what.contains("pattern.get") && what.contains("pattern is missing")
        }
        await stage.close()
    }

    @Test func `a joined delta after a loss brings what others did meanwhile`() async throws {
        let stage = try await Stage.open()
        await stage.server.closeListener()
        await stage.server.dropAll()
        try await stage.server.editByOther(["/title": "Others"])
        try await stage.server.restart()
        try await eventually("it is resumed") {
            await stage.room.document?.title == "Others"
        }
        await stage.close()
    }

    @Test func `attempts are spread out while nobody listens`() async throws {
        let stage = try await Stage.open()
        try await stage.server.crash()
        var waits: [Duration] = []
        for await state in stage.client.states {
            if case .offline(let reason, let retryIn) = state {
                #expect(!reason.isEmpty)
                waits.append(retryIn)
                if waits.count == 4 { break }
            }
        }
        #expect(waits.allSatisfy { $0 >= .milliseconds(50) && $0 <= .milliseconds(15_000) })
        try await stage.server.restart()
        try await eventually("it is back") { await stage.client.state == .online }
        await stage.close()
    }

    @Test func `4101 asks for another sign-in, and edits are kept for it`() async throws {
        let stage = try await Stage.open()
        await stage.server.set { $0.swallowsEdits = true }
        let handle = stage.room.edit(Edit(set: bpm, to: 140))
        try await eventually("it was sent") { await stage.server.counts.edits == 1 }
        await stage.server.closeAll(code: 4101)
        try await eventually("it is said") {
            if case .signInNeeded = await stage.client.state { true } else { false }
        }
        await stage.server.set { $0.swallowsEdits = false }
        try await stage.client.open(token: FakeServer.token)
        try await handle.settled()
        await stage.close()
    }

    @Test func `4001 stops, and says so to everybody who waits`() async throws {
        let stage = try await Stage.open()
        await stage.server.closeAll(code: 4001)
        try await eventually("it has stopped") {
            await stage.client.state == .stopped(code: 4001, reason: "a reason")
        }
        let sockets = await stage.server.counts.sockets
        await #expect(throws: ClientError.stopped(code: 4001, "a reason")) {
            try await stage.client.patterns.get("x")
        }
        await #expect(throws: ClientError.self) {
            try await stage.room.edit(Edit(set: bpm, to: 90)).settled()
        }
        #expect(await stage.server.counts.sockets == sockets)
        await stage.close()
    }

    @Test func `the server's own delay is kept after 1012`() async throws {
        let stage = try await Stage.open()
        let states = stage.client.states
        await stage.server.closeAll(code: 1012, retryAfterMs: 321)
        for await state in states {
            if case .offline(_, let retryIn) = state {
                #expect(retryIn == .milliseconds(321))
                break
            }
        }
        try await eventually("it is back") { await stage.client.state == .online }
        await stage.close()
    }

    @Test func `a wrong password is refused, and another may be tried`() async throws {
        let server = try FakeServer()
        try await server.start()
        let client = try SalsaClient(url: server.url, loop: try ClientLoop())
        await #expect(throws: ClientError.self) {
            try await client.signIn(email: "a@example.org", password: "wrong")
        }
        let signedIn = try await client.signIn(
            email: "a@example.org", password: FakeServer.password)
        #expect(signedIn.token == FakeServer.token)
        #expect(await server.counts.signIns == 2)
        client.close()
        await server.stop()
    }

    @Test func `a guest's edit is refused here, and nothing spins`() async throws {
        let server = try FakeServer()
        try await server.start()
        let client = try SalsaClient(url: server.url, loop: try ClientLoop())
        try await client.openAsGuest()
        let room = try await client.join("\(Fixture.room)")
        await #expect(throws: ClientError.self) {
            try await room.edit(Edit(set: bpm, to: 90)).settled()
        }
        #expect(await room.document?.machine?.bpm == 180)
        #expect(await server.counts.edits == 0)
        client.close()
        await server.stop()
    }

    @Test func `an HTTP refusal of the upgrade stops, a 503 is tried again`() async throws {
        let server = try FakeServer()
        try await server.start()
        await server.set { $0.refusesWith = 503 }
        let client = try SalsaClient(url: server.url, loop: try ClientLoop())
        let opening = Task { try await client.openAsGuest() }
        try await eventually("it tries again") { await server.counts.sockets >= 2 }
        await server.set { $0.refusesWith = 403 }
        await #expect(throws: ClientError.self) { try await opening.value }
        guard case .stopped(_, let reason) = await client.state else {
            Issue.record("it goes on")
            return
        }
        #expect(reason.contains("403"))
        client.close()
        await server.stop()
    }

    @Test func `heartbeats go as often as hello asks`() async throws {
        let stage = try await Stage.open()
        try await eventually("a heartbeat") { await stage.server.counts.heartbeats >= 1 }
        await stage.close()
    }

    @Test func `touching is told, and leaving ends streams and handles`() async throws {
        let stage = try await Stage.open()
        stage.room.touch(bpm)
        try await eventually("it is told") { await stage.server.counts.touching == [bpm] }
        await stage.server.set { $0.holdsCommits = true }
        let changes = stage.room.changes
        let handle = stage.room.edit(Edit(set: bpm, to: 99))
        try await eventually("it is made") { await stage.room.state?.pendingCount == 1 }
        stage.room.leave()
        await #expect(throws: ClientError.self) { try await handle.settled() }
        var last: RoomChange?
        for await change in changes { last = change }
        guard case .left? = last else {
            Issue.record("the stream ended with \(String(describing: last))")
            return
        }
        #expect(await stage.room.document == nil)
        await stage.close()
    }

    @Test func `a waiting task can be cancelled`() async throws {
        let stage = try await Stage.open()
        await stage.server.set { $0.holdsCommits = true }
        let handle = stage.room.edit(Edit(set: bpm, to: 99))
        let waiting = Task { try await handle.settled() }
        waiting.cancel()
        await #expect(throws: ClientError.cancelled) { try await waiting.value }
        await stage.server.set { $0.holdsCommits = false }
        try await handle.settled()
        await stage.close()
    }

    @Test func `what is too large to be sent is refused at once`() async throws {
        let stage = try await Stage.open()
        let text = String(repeating: "x", count: 70_000)
        await #expect(throws: ClientError.self) {
            try await stage.room.edit(Edit(set: "/title", to: .text(text))).settled()
        }
        #expect(await stage.room.state?.pendingCount == 0)
        await stage.close()
    }

    @Test func `clients that are let go leave nothing behind`() async throws {
        let server = try FakeServer()
        try await server.start()
        _ = ProcessUsage.of()
        let before = try #require(ProcessUsage.of()?.descriptors)
        weak var loop: ClientLoop?
        weak var client: SalsaClient?
        weak var room: LiveRoom?
        func play() async throws {
            let ownLoop = try ClientLoop()
            loop = ownLoop
            for _ in 0..<8 {
                let made = try SalsaClient(url: server.url, loop: ownLoop)
                try await made.signIn(email: "a@example.org", password: FakeServer.password)
                let joined = try await made.join("\(Fixture.room)")
                try await joined.edit(Edit(set: bpm, to: 200)).settled()
                client = made
                room = joined
            }
        }
        try await play()
        #expect(room == nil)
        #expect(client == nil)
        try await eventually("the server sees them go") { await server.counts.open == 0 }
        try await eventually("the loop is gone") { loop == nil }
        try await eventually("no descriptor is left") {
            ProcessUsage.of()?.descriptors ?? .max <= before
        }
        await server.stop()
    }

    @Test func `hundreds of clients share one loop`() async throws {
        let server = try FakeServer()
        try await server.start()
        let loop = try ClientLoop()
        var clients: [SalsaClient] = []
        for _ in 0..<200 { clients.append(try SalsaClient(url: server.url, loop: loop)) }
        try await withThrowingTaskGroup { group in
            for client in clients {
                group.addTask {
                    try await client.open(token: FakeServer.token)
                    let room = try await client.join("\(Fixture.room)")
                    try await room.edit(Edit(set: bpm, to: 123)).settled()
                }
            }
            try await group.waitForAll()
        }
        #expect(await server.head == 200)
        for client in clients { client.close() }
        await server.stop()
    }
}
