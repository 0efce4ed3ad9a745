import Client
import Model
import Replica
import Transport
import Wire

/// An editor that is a whole client: every message is parsed, the document is kept, checked by
/// hash, and compared at the end. It comes back after a lost server.
final class FullEditor: Editor {
    let measure: EditorMeasure
    private let core: ClientCore
    private let seat: Seat
    private var appliedNumber: Int64 = 0
    private(set) var rejoins = 0
    private(set) var lostAcknowledged: Int64 = 0
    /// The last edit that was acknowledged.
    private var acknowledged: Int64 = 0

    init(_ seat: Seat, driver: LoopDriver, loop: ClientLoop, now: Duration) {
        measure = EditorMeasure(number: seat.number)
        self.seat = seat
        core = ClientCore(to: seat.endpoint, on: driver, loop: loop)
        core.onChange = { [weak self] _, change, now in self?.changed(change, now: now) }
        core.join(seat.room, now: now)
        core.open(token: seat.token, now: now)
    }

    private var replica: PatternReplica? { core.session.rooms[seat.room] }
    var isReady: Bool { replica?.isLive == true && replica?.replica != nil }
    var receivedMessages: Int { core.receivedMessages }
    var number: Int64 { replica?.cursor?.number ?? 0 }
    var settledThrough: Int64 { replica?.settledThrough ?? 0 }
    var confirmed: JSON? { replica?.confirmed }
    var receivedBytes: Int { core.receivedBytes }
    var sentBytes: Int { core.sentBytes }

    func edit(due: Duration, now: Duration) {
        let number = measure.make(due: due)
        let value = Slider.value(editor: measure.number, edit: number)
        let content = EditContent(set: [measure.pointer: .integer(value)])
        // Tickets count the edits of a room from 1, as `measure` does.
        guard core.edit(seat.room, content, now: now) == number else {
            measure.failure = measure.failure ?? "an edit was not taken by the client"
            return
        }
    }

    func tick(now: Duration) {}
    func close() { core.close(now: EventLoop.now) }

    private func changed(_ change: PatternReplica.Change, now: Duration) {
        switch change {
        case .joined:
            rejoins += 1
            checkAcknowledged()
            let number = number
            let delta = RoomBoard.delta(
                from: appliedNumber, through: number, patch: replica?.confirmed ?? .null)
            seat.board.arrived(delta, at: appliedNumber, now: now)
            appliedNumber = number
        case .delta(let patch):
            measure.deltas += 1
            let number = number
            let delta = RoomBoard.delta(from: appliedNumber, through: number, patch: patch)
            seat.board.arrived(delta, at: appliedNumber, now: now)
            appliedNumber = number
        case .settled(let ticket):
            acknowledged = max(acknowledged, ticket)
            measure.settle(
                through: ticket, at: appliedNumber, on: seat.board,
                acknowledgement: &seat.tally.acknowledgement, now: now)
        case .refused(let ticket, let error): measure.refuse(ticket, error.message)
        case .left(let code, let reason):
            measure.failure = measure.failure ?? "out of the room (\(code)): \(reason)"
        case .members, .playing, .skipped: break
        }
    }

    /// The slider is this editor's own (in `crash`), so it shows its last edit or nothing.
    private func checkAcknowledged() {
        guard acknowledged > 0 else { return }
        let value = confirmed?.int(at: measure.pointer)
        let (author, edit) = value.map(Slider.author(of:)) ?? (measure.number, 0)
        if author == measure.number, edit < acknowledged { lostAcknowledged += acknowledged - edit }
    }
}
