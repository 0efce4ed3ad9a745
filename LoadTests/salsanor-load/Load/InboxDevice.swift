import Client
import Model
import Replica
import Transport
import Wire

/// One of an owner's devices: holds the inbox by its events, marks some of it read, and loses its
/// socket now and then, also in the middle of a replay.
final class InboxDevice: StreamDevice {
    /// What all of them share, on their loop.
    final class Board {
        /// Whether sockets are dropped and notices are read.
        var isRunning = true
        fileprivate(set) var devices: [InboxDevice] = []
        /// Sockets that broke off while a replay was on its way.
        fileprivate(set) var brokenReplays = 0

        var live: Int { devices.count(where: \.isLive) }
        var failure: String? { devices.lazy.compactMap(\.failure).first }

        /// Asks all of them whether they have everything.
        func settle() {
            isRunning = false
            for device in devices { device.askHead() }
        }

        var reports: [(owner: Int, report: InboxJudge.Device)] {
            devices.map { ($0.owner, $0.report) }
        }

        var settled: Int { devices.count(where: \.isSettled) }

        func close() { for device in devices { device.close() } }
    }

    private static let eventsPerDrop: UInt64 = 150
    private static let replayedEventsPerDrop: UInt64 = 40
    private static let eventsPerRead: UInt64 = 25
    private static let lifeMs: ClosedRange<Int> = 300...4_000
    private static let absenceMs: ClosedRange<Int> = 0...1_500
    private static let headID: Int64 = 2
    private static let readID: Int64 = 3

    let owner: Int
    private let board: Board
    private var replica: InboxReplica?
    private var told = 0
    private var takenBack = 0
    /// When the stream was opened last.
    private var openedMs: Int64 = 0
    /// The last number when everybody had stopped.
    private var head: Int64?

    /// - Parameter owner: its number in the town.
    init(
        _ board: Board, owner: Int, number: Int, token: String, to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.board = board
        self.owner = owner
        super.init(
            .inbox, token: token, number: number, to: endpoint, on: driver, loop: loop, now: now)
        board.devices.append(self)
    }

    var report: InboxJudge.Device {
        InboxJudge.Device(
            book: book, unread: replica?.unread ?? 0,
            entries: (replica?.notices ?? []).map { notice in
                InboxJudge.Entry(
                    number: notice.number,
                    like: InboxJudge.Like(
                        actor: notice.json["actor"]?["id"]?.string ?? "",
                        pattern: notice.json["pattern"]?["id"]?.string ?? ""),
                    isRead: notice.isRead)
            }, told: told, takenBack: takenBack)
    }

    var isSettled: Bool { isLive && head != nil && head == book.cursor?.number }

    // MARK: - The stream

    override func streamOpened(_ opening: StreamOpening, now: Duration) {
        // Nothing has happened yet when it is opened first.
        replica = replica
            ?? InboxReplica(
                page: [
                    "epoch": .integer(opening.cursor.epoch),
                    "number": .integer(opening.cursor.number), "unread": 0,
                ])
        openedMs = EventLoop.wallClockMs
        askHead()
        guard board.isRunning else { return }
        wake(at: now + .milliseconds(Int.random(in: Self.lifeMs, using: &random)))
    }

    override func apply(_ event: Event, now: Duration) {
        guard let span = event.span else { return }
        switch event.kind {
        case .notice: told += 1
        case .retracted: takenBack += event.data["numbers"]?.array?.count ?? 0
        default: break
        }
        if replica?.apply(event.kind, event.data, span) != .applied {
            fail("the replica did not take event \(span.through)")
        }
        guard board.isRunning else { return }
        // It happened before.
        let isReplayed = event.data["notice"]?["createdAtMs"]?.int.map { $0 < openedMs } == true
        let eventsPerDrop = isReplayed ? Self.replayedEventsPerDrop : Self.eventsPerDrop
        if random.next() % eventsPerDrop == 0 {
            if isReplayed { board.brokenReplays += 1 }
            leave()
        }
        if random.next() % Self.eventsPerRead == 0 { read(near: span.through) }
    }

    override func woken(now: Duration) {
        if board.isRunning { leave() }
    }

    private func leave() {
        drop(awayFor: .milliseconds(Int.random(in: Self.absenceMs, using: &random)))
    }

    override func lost(now: Duration) {
        super.lost(now: now)
        head = nil
    }

    // MARK: - Calls

    private func read(near number: Int64) {
        let before = Int64.random(in: 0...30, using: &random)
        var params: JSON.Object = [:]
        if random.next() % 4 == 0 {
            params["numbers"] = [.integer(max(1, number - before)), .integer(number)]
        } else {
            params["through"] = .integer(max(0, number - before))
        }
        // Whether it is done or not, all devices must end the same: nobody waits for the answer.
        write(.inboxMarkRead, params, id: Self.readID, operation: freshOperation())
    }

    fileprivate func askHead() {
        guard isLive else { return }
        send(.inboxList, ["limit": 1], id: Self.headID)
    }

    override func answered(_ id: Int64, _ result: JSON, now: Duration) {
        guard id == Self.headID, let number = result["number"]?.int else { return }
        head = number
    }
}
