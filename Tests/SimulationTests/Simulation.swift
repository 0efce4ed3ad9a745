import CRDT
import Model
import Replica
import Rooms
import TestSupport
import WebSocket
import Wire

/// The real rooms, wire, connections and sessions on a network, clock and disk that a seed rules.
struct Simulation {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct Client {
        var session: Session
        var link: Int?
        var reconnectAt: Duration = .zero
        /// What was made, by ticket.
        var made: [EditTicket: EditContent] = [:]
        var settled: [EditTicket] = []
        var refusedCount = 0
        var replicas: Set<ReplicaID> = []
    }

    struct Report: Sendable {
        var records = 0
        var reconnects = 0
        var crashes = 0
        var failedCommits = 0
        var behind = 0
        var refused = 0
        var duplicates = 0
    }

    private var random: SplitMix64
    private var now: Duration = .zero
    private var jumpMs: Int64 = 0
    private var server = SimulatedServer()
    private var clients: [Client] = []
    private var links: [Int: SimulatedLink] = [:]
    private var nextLink = 0
    private var downUntil: Duration = .zero
    private var diskFullUntil: Duration = .zero
    private var report = Report()

    private static let tick = Duration.milliseconds(2)
    private static let turnCount = 700
    /// Bound of the quiet time after the storm.
    private static let calmTurnsMax = 60_000

    static func run(seed: UInt64) throws -> Report {
        var simulation = Simulation(seed: seed)
        return try simulation.play()
    }

    private init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        for index in 0..<Int.random(in: 2...4, using: &random) {
            var session = Session(token: "owner", seed: seed &+ UInt64(index))
            session.join(Fixture.room)
            clients.append(Client(session: session))
        }
        // The last one only looks.
        var viewer = Session(token: "viewer", seed: seed &- 1)
        viewer.join(Fixture.room)
        clients.append(Client(session: viewer))
    }

    private var moment: Moment {
        Moment(
            elapsed: now,
            wallClockMs: Fixture.startMs + jumpMs + Int64(now / .milliseconds(1)))
    }

    private mutating func play() throws -> Report {
        for _ in 0..<Self.turnCount {
            try disturb()
            try turn()
        }
        diskFullUntil = .zero
        downUntil = .zero
        for key in links.keys { links[key]?.slowUntil = .zero }
        var calmTurns = 0
        while !isQuiet {
            try turn()
            calmTurns += 1
            if calmTurns > Self.calmTurnsMax {
                throw Failure(description: "never quiet: \(stateOfClients)")
            }
        }
        try checkEnd()
        report.records = server.disk.records.count
        report.failedCommits = server.failureCount
        report.behind = server.behindCount
        report.duplicates = server.duplicateCount
        report.refused = clients.reduce(0) { $0 + $1.refusedCount }
        return report
    }

    private var isQuiet: Bool {
        server.isQuiet
            && clients.allSatisfy {
                let room = $0.session.rooms[Fixture.room]
                return $0.session.isOnline && room?.isLive == true && room?.pendingCount == 0
                    && room?.cursor?.number == server.disk.number
            }
    }

    private var stateOfClients: String {
        clients.map {
            let room = $0.session.rooms[Fixture.room]
            return "online \($0.session.isOnline), live \(room?.isLive == true), pending "
                + "\(room?.pendingCount ?? -1), at \(room?.cursor?.number ?? -1) of "
                + "\(server.disk.number)"
        }.joined(separator: "; ")
    }

    // MARK: - What goes wrong

    private mutating func disturb() throws {
        for index in clients.indices.dropLast() where chance(8) { makeEdit(index) }
        if chance(120), let key = links.keys.sorted().randomElement(using: &random) {
            links[key]?.isBroken = true
        }
        if chance(60), let key = links.keys.sorted().randomElement(using: &random) {
            links[key]?.slowUntil = now + .milliseconds(Int64.random(in: 10...400, using: &random))
        }
        if chance(40), let key = server.peers.keys.sorted().randomElement(using: &random) {
            try server.duplicateSettled(from: key, links: &links, at: moment)
        }
        if chance(300) {
            report.crashes += 1
            try server.crash(afterCommit: Bool.random(using: &random))
            for key in links.keys { links[key]?.isBroken = true }
            downUntil = now + .milliseconds(Int64.random(in: 0...200, using: &random))
        }
        if chance(200) {
            diskFullUntil = now + .milliseconds(Int64.random(in: 5...150, using: &random))
        }
        if chance(200) {
            jumpMs = [0, 0, Fixture.yearMs, -Fixture.yearMs].randomElement(using: &random) ?? 0
        }
    }

    private mutating func chance(_ oneIn: Int) -> Bool {
        Int.random(in: 0..<oneIn, using: &random) == 0
    }

    private mutating func makeEdit(_ index: Int) {
        let volume = JSON(Double(Int.random(in: 0...100, using: &random)) / 100)
        let content =
            switch Int.random(in: 0..<12, using: &random) {
            case 0: EditContent(add: [.bass])
            case 1: EditContent(remove: [.bass])
            case 2: EditContent(add: [.cowbell])
            case 3: EditContent(remove: [.cowbell])
            case 4, 5: EditContent(set: [.bassVolume: volume])
            case 6: EditContent(set: [.bpm: 300])
            case 7:
                EditContent(set: [
                    "/title": .string("T\(UInt16.random(in: 0...999, using: &random))")
                ])
            case 8, 9:
                EditContent(set: [.bpm: .integer(Int64.random(in: 80...250, using: &random))])
            default: EditContent(set: [.cowbellVolume: volume])
            }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let ticket = clients[index].session.edit(Fixture.room, content, now: now) else {
                return
            }
            clients[index].made[ticket] = content
        }
    }

    // MARK: - A turn

    private mutating func turn() throws {
        now += Self.tick
        server.isDiskFull = now < diskFullUntil
        server.isDown = now < downUntil
        for key in links.keys.sorted() {
            links[key]?.deliver(now: now)
        }
        try server.turn(links: &links, at: moment, random: &random)
        for index in clients.indices { try turnClient(index) }
        for key in links.keys.sorted() { links[key]?.flush(now: now, random: &random) }
        for key in links.keys.sorted() where links[key]?.isBroken == true {
            links[key] = nil
            server.disconnected(key, now: now)
        }
    }

    private mutating func turnClient(_ index: Int) throws {
        guard let key = clients[index].link else {
            if clients[index].reconnectAt <= now { connect(index) }
            return
        }
        guard let (texts, isClosed) = links[key]?.client.takeMessages(), !isClosed,
            links[key]?.isBroken == false
        else {
            links[key]?.isBroken = true
            clients[index].link = nil
            let next = clients[index].session.socketClosed(code: 1006, reason: "", now: now)
            guard case .reconnect(let at) = next else {
                throw Failure(description: "client \(index) gave up: \(next)")
            }
            clients[index].reconnectAt = at
            return
        }
        for text in texts {
            clients[index].session.receive(text, now: now)
            try hear(index)
        }
        if let deadline = clients[index].session.nextDeadline, deadline <= now {
            clients[index].session.wake(now: now)
        }
        for text in clients[index].session.takeOutgoing() {
            _ = links[key]?.client.send(text: text)
        }
    }

    private mutating func connect(_ index: Int) {
        guard !server.isDown else {
            clients[index].session.socketOpened(now: now)
            let next = clients[index].session.socketClosed(code: 1006, reason: "", now: now)
            if case .reconnect(let at) = next { clients[index].reconnectAt = at }
            return
        }
        nextLink += 1
        report.reconnects += 1
        var link = SimulatedLink(seed: random.next(), now: now)
        clients[index].link = nextLink
        clients[index].session.socketOpened(now: now)
        server.connected(nextLink, link: &link, at: moment)
        links[nextLink] = link
    }

    // MARK: - What must be true at every moment

    private mutating func hear(_ index: Int) throws {
        var hasNews = false
        for output in clients[index].session.takeOutputs() {
            switch output {
            case .change(_, .settled(let ticket)): clients[index].settled.append(ticket)
            case .change(_, .refused(let ticket, let error)):
                guard [.absent, .outOfRange].contains(error.name) else {
                    throw Failure(description: "refused: \(error)")
                }
                clients[index].made[ticket] = nil
                clients[index].refusedCount += 1
            case .change(_, .left(let code, let reason)):
                throw Failure(description: "client \(index) is out: \(code) \(reason)")
            case .change(_, .delta), .change(_, .joined): hasNews = true
            case .abort(let why): throw Failure(description: "abort: \(why)")
            case .signInNeeded(let error): throw Failure(description: "sign in: \(error)")
            case .change, .online, .answer, .stream, .inbox: break
            }
        }
        guard let replica = clients[index].session.rooms[Fixture.room] else { return }
        if let id = replica.replica {
            clients[index].replicas.insert(id)
            let durable = server.disk.replicas[id]?.lastSeq ?? 0
            if replica.settledThrough > durable {
                throw Failure(
                    description: "\(replica.settledThrough) is settled, \(durable) on disk")
            }
        }
        guard hasNews, let number = replica.cursor?.number else { return }
        guard let state = server.committed[number] else {
            throw Failure(description: "client \(index) heard of \(number) before its commit")
        }
        if chance(4), replica.confirmed.canonical() != state {
            throw Failure(
                description: "client \(index) differs at \(number): "
                    + String(decoding: replica.confirmed.canonical(), as: UTF8.self) + " not "
                    + String(decoding: state, as: UTF8.self))
        }
    }

    // MARK: - What must be true at the end

    private func checkEnd() throws {
        let disk = server.disk
        let document = try disk.history().document(catalogue: Fixture.catalogue)
        let canonical = document.canonical(catalogue: Fixture.catalogue)
        if let room = server.room, room.committed != document {
            throw Failure(description: "the room is not what its log says")
        }
        for (index, client) in clients.enumerated() {
            let replica = client.session.rooms[Fixture.room]
            guard replica?.confirmed.canonical() == canonical, replica?.shown == replica?.confirmed
            else { throw Failure(description: "client \(index) differs at the end") }
        }
        if server.healCount > 0 { throw Failure(description: "somebody had to be healed") }
        try Self.checkSurvival(records: disk.records, refused: disk.refused, document: document)
        for (id, replica) in disk.replicas {
            let seqs =
                disk.records.filter { $0.dot.replica == id }.map(\.dot.seq)
                + disk.refused.keys.filter { $0.replica == id }.map(\.seq)
            guard seqs.sorted() == Array(1...replica.lastSeq) else {
                throw Failure(description: "\(id.text) settled \(replica.lastSeq), has \(seqs)")
            }
        }
        for (index, client) in clients.enumerated() { try checkAcknowledged(client, index) }
    }

    /// Peers can agree on a loss, so the state is computed from the list of what was acknowledged.
    static func checkSurvival(
        records: [LogRecord], refused: [Dot: Verdict], document: Document
    ) throws {
        var dots = Set(refused.keys)
        var twin = NaiveMerge(initial: Fixture.document)
        for record in records {
            guard dots.insert(record.dot).inserted else {
                throw Failure(description: "\(record.dot) was applied twice")
            }
            twin.append(
                record.edit, dot: record.dot, stamp: record.stamp.rawValue, number: record.number,
                seenThrough: record.seenThrough)
        }
        if let difference = twin.difference(from: document) {
            throw Failure(description: difference)
        }
    }

    /// The last value that a client was told is safe, field by field, is its last on disk.
    private func checkAcknowledged(_ client: Client, _ index: Int) throws {
        guard client.settled.count == Set(client.settled).count,
            client.settled.count == client.made.count
        else {
            throw Failure(
                description: "client \(index): \(client.settled.count) of \(client.made.count)")
        }
        var last: [String: JSON] = [:]
        for ticket in client.settled.sorted() {
            for (pointer, value) in client.made[ticket]?.set.members ?? [] { last[pointer] = value }
        }
        var written: [String: JSON] = [:]
        for record in server.disk.records where client.replicas.contains(record.dot.replica) {
            for assignment in record.edit.sets {
                written[assignment.path.description] = assignment.value.json
            }
        }
        guard last == written else {
            throw Failure(description: "client \(index): told \(last), on disk \(written)")
        }
    }
}
