import CRDT
import Model
import Rooms
import TestSupport
import WebSocket
import Wire

/// What a shard and the journal do for one room, and no decision more.
struct SimulatedServer {
    struct Peer {
        var role: Model.Role?
        var member: MemberNumber?
        var isBehind = false
        /// The last edits that came, for a network that delivers them again.
        var recentEdits: [[UInt8]] = []
    }

    /// Edits that the network remembers of each socket.
    private static let recentEditsMax = 8

    private(set) var disk = TestDisk()
    private(set) var room: Room?
    private(set) var peers: [Int: Peer] = [:]
    private var draft: (draft: CommitDraft, endsAt: Duration)?
    private var probeAt: Duration?
    private var nextReplica: UInt64 = 0x5000
    /// Every state that was ever on disk at the end of a commit, as clients can compute it.
    private(set) var committed: [Int64: [UInt8]] = [:]
    private(set) var healCount = 0
    private(set) var failureCount = 0
    private(set) var behindCount = 0
    private(set) var duplicateCount = 0
    var isDiskFull = false
    var isDown = false

    init() {
        committed[0] = Fixture.document.canonical(catalogue: Fixture.catalogue)
    }

    var isQuiet: Bool { draft == nil && (room?.isClean ?? true) }

    mutating func connected(_ peer: Int, link: inout SimulatedLink, at moment: Moment) {
        peers[peer] = Peer()
        let hello = ServerMessage.notification(
            method: "hello",
            params: [
                "server": "simulated", "protocol": 1, "timeMs": .integer(moment.wallClockMs),
                "heartbeatSeconds": 1,
            ])
        _ = link.server.send(text: hello.bytes)
    }

    mutating func disconnected(_ peer: Int, now: Duration) {
        if let member = peers.removeValue(forKey: peer)?.member { room?.leave(member, now: now) }
    }

    /// kill -9. What was with the journal may have reached the disk, or not.
    mutating func crash(afterCommit: Bool) throws {
        if afterCommit, let draft { try write(draft.draft) }
        draft = nil
        probeAt = nil
        room = nil
        peers = [:]
    }

    mutating func turn(
        links: inout [Int: SimulatedLink], at moment: Moment, random: inout SplitMix64
    ) throws {
        let now = moment.elapsed
        for peer in peers.keys.sorted() {
            guard let (texts, isClosed) = links[peer]?.server.takeMessages() else { continue }
            for text in texts {
                try receive(text, from: peer, links: &links, at: moment)
                perform(on: &links)
            }
            if isClosed { links[peer]?.isBroken = true }
        }
        if let deadline = room?.nextDeadline, deadline <= now { room?.wake(at: moment) }
        try runJournal(at: moment, random: &random)
        perform(on: &links)
        for peer in peers.keys.sorted() { watch(peer, links: &links) }
        perform(on: &links)
    }

    /// Delivers edits of a socket again that were settled before, in order, as a proxy that repeats
    /// a request does, or a client that lost count.
    mutating func duplicateSettled(
        from peer: Int, links: inout [Int: SimulatedLink], at moment: Moment
    ) throws {
        for text in peers[peer]?.recentEdits ?? [] {
            guard case .single(.success(let request)) = try IncomingMessage(bytes: text),
                let edit = try? EditRequest(request.params),
                edit.seq <= disk.replicas[edit.replica]?.lastSeq ?? 0
            else { continue }
            duplicateCount += 1
            try receive(text, from: peer, links: &links, at: moment)
            perform(on: &links)
        }
    }

    // MARK: - Journal

    private mutating func runJournal(at moment: Moment, random: inout SplitMix64) throws {
        if let (draft, endsAt) = draft, endsAt <= moment.elapsed {
            self.draft = nil
            if isDiskFull {
                failureCount += 1
                room?.commitFailed(at: moment)
                room?.setReadOnly(true)
                probeAt = moment.elapsed + .milliseconds(30)
            } else {
                try write(draft)
                room?.commitSucceeded(at: moment)
            }
        }
        if let due = probeAt, due <= moment.elapsed {
            probeAt = isDiskFull ? moment.elapsed + .milliseconds(30) : nil
            if !isDiskFull { room?.setReadOnly(false) }
        }
        if draft == nil, let next = room?.beginCommit(at: moment) {
            let delay = Duration.milliseconds(Int64.random(in: 0...8, using: &random))
            draft = (next, moment.elapsed + delay)
        }
    }

    private mutating func write(_ draft: CommitDraft) throws {
        try disk.write(draft)
        let document = try disk.history().document(catalogue: Fixture.catalogue)
        committed[document.number] = document.canonical(catalogue: Fixture.catalogue)
    }

    // MARK: - Messages

    private mutating func receive(
        _ text: [UInt8], from peer: Int, links: inout [Int: SimulatedLink], at moment: Moment
    ) throws {
        guard case .single(.success(let request)) = try IncomingMessage(bytes: text) else { return }
        func answer(_ result: Result<JSON, WireError>) {
            guard let id = request.id else { return }
            let message: ServerMessage =
                switch result {
                case .success(let json): .result(id, json)
                case .failure(let error): .failure(id, error)
                }
            _ = links[peer]?.server.send(text: message.bytes)
        }
        let params = request.params
        switch Wire.Method(rawValue: request.method) {
        case .sessionOpen:
            peers[peer]?.role = params["token"]?.string.flatMap(Model.Role.init) ?? .guest
            answer(.success(["timeMs": .integer(moment.wallClockMs)]))
            for resume in params["resume"]?.array ?? [] {
                let joined = try join(
                    JoinRequest(resume.object ?? [:]), peer: peer, links: &links, at: moment)
                let event =
                    switch joined {
                    case .success(let json):
                        Wire.Event(stream: .room(Fixture.room), kind: .joined, data: json)
                    case .failure(let error):
                        Wire.Event(
                            stream: .room(Fixture.room), kind: .left,
                            data: [
                                "code": .string(error.name.rawValue),
                                "reason": .string(error.message),
                            ])
                    }
                _ = links[peer]?.server.send(text: event.bytes)
            }
        case .heartbeat:
            if let confirmed = params["rooms"]?[Fixture.room.description]?["confirmed"]?.int,
                let member = peers[peer]?.member
            {
                room?.confirm(member, through: confirmed)
            }
            answer(.success(["timeMs": .integer(moment.wallClockMs)]))
        case .roomJoin:
            answer(try join(JoinRequest(params), peer: peer, links: &links, at: moment))
        case .roomEdit:
            guard let member = peers[peer]?.member else { return }
            peers[peer]?.recentEdits.append(text)
            if peers[peer]?.recentEdits.count ?? 0 > Self.recentEditsMax {
                peers[peer]?.recentEdits.removeFirst()
            }
            _ = room?.edit(try EditRequest(params), from: member, call: nil, at: moment)
        case .roomHeal:
            healCount += 1
            if let member = peers[peer]?.member, let result = room?.heal(member) {
                answer(.success(result.json))
            }
        default: answer(.success([:]))
        }
    }

    private mutating func join(
        _ request: JoinRequest, peer: Int, links: inout [Int: SimulatedLink], at moment: Moment
    ) throws -> Result<JSON, WireError> {
        if room == nil {
            room = try Room(
                history: disk.history(), catalogue: Fixture.catalogue, now: moment.elapsed)
        }
        if let member = peers[peer]?.member { room?.leave(member, now: moment.elapsed) }
        peers[peer]?.member = nil
        peers[peer]?.isBehind = false
        nextReplica += 1
        let outcome: Room.JoinOutcome? = room?.join(
            request, as: Fixture.person(peers[peer]?.role ?? .guest),
            freshReplica: ReplicaID(rawValue: nextReplica &* 0x9E37_79B9_7F4A_7C15), at: moment)
        // What came before the answer leaves before it.
        perform(on: &links)
        switch outcome {
        case .joined(let member, let result):
            peers[peer]?.member = member
            return .success(result.json)
        case .refused(let error): return .failure(error)
        case nil: return .failure(WireError(.internal, "no room"))
        }
    }

    // MARK: - Effects

    private mutating func perform(on links: inout [Int: SimulatedLink]) {
        let effects = room?.takeEffects() ?? []
        guard !effects.isEmpty else { return }
        let peerOf = Dictionary(
            peers.compactMap { peer, state in state.member.map { ($0, peer) } },
            uniquingKeysWith: { first, _ in first })
        for effect in effects {
            switch effect {
            case .send(let bytes, let member):
                if let peer = peerOf[member] { _ = links[peer]?.server.send(text: bytes) }
            case .broadcast(let bytes, let members, let isDroppable):
                let frame = Frame.encode(text: bytes)
                for peer in members.compactMap({ peerOf[$0] }) {
                    if isDroppable, peers[peer]?.isBehind == true { continue }
                    _ = links[peer]?.server.enqueue(frame: frame)
                }
            case .respond: preconditionFailure("edits are notifications here")
            case .remove(let member):
                if let peer = peerOf[member] { peers[peer]?.member = nil }
            }
        }
    }

    /// The soft mark: a slow reader costs a bounded number of bytes.
    private mutating func watch(_ peer: Int, links: inout [Int: SimulatedLink]) {
        guard let link = links[peer], let member = peers[peer]?.member else {
            return
        }
        if link.server.outbox.isAboveSoftMark, peers[peer]?.isBehind == false {
            peers[peer]?.isBehind = true
            behindCount += 1
            room?.fallBehind(member)
        } else if link.server.outbox.isEmpty, peers[peer]?.isBehind == true {
            peers[peer]?.isBehind = false
            room?.catchUp(member)
        }
    }
}
