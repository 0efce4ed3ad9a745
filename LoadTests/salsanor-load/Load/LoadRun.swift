import Client
import Model
import Replica
import Transport
import Wire

/// Rooms full of editors, and the schedule of their edits. Confined to its loop.
///
/// The schedule is an open loop: edit k of the run is due at start + k / (all edits per second),
/// whatever the server does, and every latency counts from then. A late server is not excused.
final class LoadRun: LoopMember {
    struct Plan: Sendable {
        let endpoint: Endpoint
        let token: String
        let rooms: [Identifier]
        let editorsPerRoom: Int
        /// Of them, whole clients.
        let fullPerRoom: Int
        /// Edits per second of each.
        let rate: Double
    }

    /// Due edits are sent together so often; it is part of the latency.
    private static let sendInterval: Duration = .microseconds(500)
    private static let tickInterval: Duration = .milliseconds(10)

    let plan: Plan
    private unowned let driver: LoopDriver
    private(set) var token: LoopDriver.Token = 0
    private(set) var boards: [RoomBoard] = []
    /// Room by room in turn, so that one room's edits are spread over the second.
    private(set) var editors: [any Editor] = []
    let tally = Tally()
    private var startAt: Duration?
    private var stopAt: Duration?
    private var scheduled = 0
    private(set) var offered = 0
    private var tickAt: Duration = .zero

    init(_ plan: Plan, on driver: LoopDriver, loop: ClientLoop, now: Duration) {
        self.plan = plan
        self.driver = driver
        boards = plan.rooms.map { _ in RoomBoard() }
        for number in 0..<plan.editorsPerRoom {
            for (room, board) in zip(plan.rooms, boards) {
                let seat = Seat(
                    number: number, room: room, board: board, tally: tally,
                    endpoint: plan.endpoint, token: plan.token)
                let editor: any Editor =
                    number < plan.fullPerRoom
                    ? FullEditor(seat, driver: driver, loop: loop, now: now)
                    : ThinEditor(seat, driver: driver, loop: loop, now: now)
                board.add(editor)
                editors.append(editor)
            }
        }
        token = driver.add(self)
        driver.setDeadline(now, of: token)
    }

    /// Begins a stretch of edits; it ends by itself at `stop`, or with `pause`.
    func start(at start: Duration, until stop: Duration?) {
        startAt = start
        stopAt = stop
        scheduled = 0
        driver.setDeadline(start, of: token)
    }

    func pause() { startAt = nil }

    func deadlineReached(now: Duration) {
        if let startAt { sendDue(since: startAt, now: now) }
        if now >= tickAt {
            tickAt = now + Self.tickInterval
            for editor in editors { editor.tick(now: now) }
        }
        let next = startAt.map { max(due(scheduled, since: $0), now + Self.sendInterval) }
        driver.setDeadline(min(next ?? tickAt, tickAt), of: token)
    }

    private func sendDue(since start: Duration, now: Duration) {
        while true {
            let due = due(scheduled, since: start)
            if let stopAt, due >= stopAt {
                startAt = nil
                return
            }
            guard due <= now else { return }
            editors[scheduled % editors.count].edit(due: due, now: now)
            scheduled += 1
            offered += 1
        }
    }

    private func due(_ index: Int, since start: Duration) -> Duration {
        start + .seconds(1) * (Double(index) / (plan.rate * Double(editors.count)))
    }

    func close() {
        for editor in editors { editor.close() }
        driver.remove(token)
    }

    // MARK: - What it found

    struct Snapshot: Sendable {
        var editors = 0
        var ready = 0
        var isRunning = false
        var offered = 0
        var acknowledged = 0
        var refused = 0
        var open = 0
        /// Members who have not applied what another member of their room has.
        var behind = 0
        var messages = 0
        var deltas = 0
        var receivedBytes = 0
        var sentBytes = 0
        var retries = 0
        var stale = 0
        var lostAcknowledged = 0
        var rejoins = 0
        var lostConnections = 0
        var failure: String?
        var refusal: String?
    }

    var snapshot: Snapshot {
        var snapshot = Snapshot()
        snapshot.editors = editors.count
        snapshot.isRunning = startAt != nil
        snapshot.offered = offered
        snapshot.lostConnections = tally.lostConnections
        snapshot.behind = boards.reduce(0) { $0 + $1.behind }
        for editor in editors {
            let measure = editor.measure
            snapshot.ready += editor.isReady ? 1 : 0
            snapshot.acknowledged += Int(measure.settledEdits)
            snapshot.refused += measure.refused
            snapshot.open += measure.open.count
            snapshot.deltas += measure.deltas
            snapshot.receivedBytes += editor.receivedBytes
            snapshot.sentBytes += editor.sentBytes
            snapshot.retries += measure.retries
            snapshot.stale += measure.staleAfterSettled
            snapshot.failure = snapshot.failure ?? measure.failure
            snapshot.refusal = snapshot.refusal ?? measure.firstRefusal
            snapshot.messages += editor.receivedMessages
            snapshot.lostAcknowledged += Int(editor.lostAcknowledged)
            snapshot.rejoins += editor.rejoins
        }
        return snapshot
    }

    /// One room as its members have it.
    struct RoomEnd: Sendable {
        /// The highest number that any member has applied.
        var head: Int64 = 0
        /// Members that have applied less.
        var behind = 0
        /// Accepted edits of all its replicas: settled ones, less the refused.
        var accepted: Int64 = 0
        /// RFC 8785 of the documents of the whole clients.
        var documents: [[UInt8]] = []
        var shown: [String: Int64] = [:]
    }

    var roomEnds: [RoomEnd] {
        boards.map { board in
            var end = RoomEnd()
            end.shown = board.shown
            for editor in board.editors {
                if let confirmed = editor.confirmed {
                    end.documents.append(confirmed.documentOfPattern.canonical())
                }
                end.accepted += editor.settledThrough - Int64(editor.measure.refused)
            }
            end.head = board.appliedMax
            end.behind = board.behind
            return end
        }
    }

    struct Latencies: Sendable {
        var visibility = Latency()
        var acknowledgement = Latency()
    }

    /// Closes what is open in the books.
    func finishLatencies() -> Latencies {
        var latencies = Latencies()
        latencies.acknowledgement = tally.acknowledgement
        for board in boards {
            board.finish()
            latencies.visibility.add(board.visibility)
        }
        return latencies
    }
}
