import Logging
import Model
import Rooms
import Transport
import Wire

/// One event loop with its sockets, and the rooms whose home it is.
///
/// A turn is synchronous: take what is ready, decide, then hand over to the other shards and the
/// journal, then write. Nothing in it awaits, so nothing in it is re-entered.
actor Shard: ConnectionHost {
    enum Timer: Hashable, Sendable {
        case room(Identifier)
        case answer(UInt64)
        /// Another ranking is due; on the first shard only.
        case ranking
        /// Counters that changed are told.
        case counters
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the loop is kept by this actor's own `let`.
        unsafe loop.asUnownedSerialExecutor()
    }

    let index: Int
    let services: Services
    nonisolated var log: Logger { services.log }
    nonisolated var admission: Admission { services.admission }
    /// All shards, this one included; set once, before the first turn.
    var shards: [Shard] = []

    let table = ConnectionTable<Peer>()
    var acceptsNextOn = 0
    var rooms: [Identifier: RoomSlot] = [:]
    /// How often it was asked who may be in a room, since the start.
    var accessQuestions = 0
    var dirtyRooms: Set<Identifier> = []
    var parcels: [[ShardMessage]] = []
    var journalEntries: [JournalEntry] = []
    var timers = DeadlineHeap<Timer>()
    var lookups = SessionLookups()
    /// What the streams of its peers hear of.
    var subscriptions = Subscriptions()
    /// Patterns whose counters are told with the next tick.
    var changedCounters: Set<Identifier> = []
    /// Answers that leave at a set time.
    var heldAnswers: [UInt64: (reply: Reply, answer: Answer)] = [:]
    var moment = Moment(elapsed: EventLoop.now, wallClockMs: EventLoop.wallClockMs)
    var isReadOnly = false
    var stopping: Stopping?
    /// Hashes that differed between a client and its room, since the start.
    var healCount = 0
    /// When such a difference was last logged in full.
    var healLoggedAt: Duration?
    /// Numbers of members begin here in a room that is opened: a late word about a member of a room
    /// that was read again must not mean another one.
    var memberNumberFloor: MemberNumber = 1

    init(index: Int, services: Services) throws {
        self.index = index
        self.services = services
        loop = try EventLoop(label: "shard-\(index)")
    }

    func start(shards: [Shard]) {
        self.shards = shards
        parcels = Array(repeating: [], count: shards.count)
        if index == 0 { awaitNextRanking() }
        loop.start { [self] ready in assumeIsolated(with: ready) { $0.turn($1) } }
    }

    /// After the loop has stopped: shards hold one another until then.
    func forgetOthers() {
        shards = []
    }

    /// From any thread: runs `body` in a turn of this shard.
    nonisolated func post(_ body: @escaping @Sendable (isolated Shard) -> Void) {
        loop.execute {
            self.assumeIsolated { shard in
                shard.readClock()
                body(shard)
            }
        }
    }

    // MARK: - The turn

    private static let roundsPerTurnMax = 4

    var now: Duration { moment.elapsed }

    private func readClock() {
        moment = Moment(elapsed: EventLoop.now, wallClockMs: EventLoop.wallClockMs)
    }

    private func turn(_ ready: [Readiness]) {
        readClock()
        serve(ready)
        reachDeadlines()
        while let timer = timers.popDue(now: moment.elapsed) { fire(timer) }
        finishTurn()
    }

    private func fire(_ timer: Timer) {
        switch timer {
        case .room(let id):
            wakeRoom(id)
        case .answer(let token):
            guard let held = heldAnswers.removeValue(forKey: token) else { return }
            answer(held.reply, held.answer)
        case .ranking: makeRanking()
        case .counters: tellCounters()
        }
    }

    private func finishTurn() {
        // Writing can tell that a peer has caught up, or is gone, and its rooms have an answer to
        // that; what then still waits has a turn of its own.
        var rounds = 0
        repeat {
            finishRooms()
            handOver()
            flushPeers()
            rounds += 1
        } while hasUnfinished && rounds < Self.roundsPerTurnMax
        progressStopping()
        if hasUnfinished { loop.wake(at: moment.elapsed) }
        if let earliest = timers.earliest() { loop.wake(at: earliest) }
        if let earliest = table.timers.earliest() { loop.wake(at: earliest) }
    }

    private var hasUnfinished: Bool {
        !dirtyRooms.isEmpty || !table.dirtyPeers.isEmpty || !journalEntries.isEmpty
            || parcels.contains { !$0.isEmpty }
    }

    func handOver() {
        for (target, parcel) in parcels.enumerated() where !parcel.isEmpty {
            parcels[target] = []
            shards[target].post { $0.receive(parcel) }
        }
        if !journalEntries.isEmpty {
            let entries = journalEntries
            journalEntries = []
            services.journal.submit(entries)
        }
    }

    /// Passes a message on: at once within this shard, with the turn's parcel to another.
    func send(_ message: ShardMessage, to shard: Int) {
        if shard == index {
            receive(message)
        } else {
            parcels[shard].append(message)
        }
    }

    func receive(_ parcel: [ShardMessage]) {
        for message in parcel { receive(message) }
    }

    private func receive(_ message: ShardMessage) {
        switch message {
        case .join(let call): hostJoin(call)
        case .leave(let room, let member): hostLeave(room, member)
        case .edit(let request, let member, let reply): hostEdit(request, member, reply)
        case .touch(let room, let pointer, let member, let reply):
            hostTouch(room, pointer, member, reply)
        case .heal(let room, let member, let number, let state, let reply):
            hostHeal(room, member, number: number, state: state, reply)
        case .transport(let request, let member, let reply):
            hostTransport(request, member, reply)
        case .lead(let request, let member, let reply): hostLead(request, member, reply)
        case .confirm(let room, let member, let through):
            withRoom(room) { $0.room.confirm(member, through: through) }
        case .fellBehind(let room, let member): withRoom(room) { $0.room.fallBehind(member) }
        case .drained(let room, let member): withRoom(room) { $0.room.catchUp(member) }
        case .joined(let address, let room, let member, let result, let answer):
            seat(address, room, member, result: result, answer)
        case .notJoined(let address, let room, let error, let answer):
            guard let peer = table.peers[address.token] else { return }
            peer.joining -= 1
            turnAway(peer, room, error, answer)
        case .removed(let address, let room, let member):
            if let peer = table.peers[address.token], peer.rooms[room] == member {
                peer.rooms[room] = nil
            }
        case .answer(let reply, let answer): self.answer(reply, answer)
        case .refused(let reply, let method, let error):
            refuseNotification(reply, method: method.rawValue, error)
        case .text(let text, let address):
            if let peer = table.peers[address.token] { sendText(text, to: peer) }
        case .shared(let message, let tokens, let isDroppable):
            for token in tokens {
                guard let peer = table.peers[token] else { continue }
                if !(isDroppable && peer.isBehind) { enqueue(message, to: peer) }
            }
        }
    }
}
