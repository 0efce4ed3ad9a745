import Client
import Model
import Transport
import Wire

/// An editor that does only what the protocol asks of one: it sends edits with their `seq` and
/// `base`, resends after `retry`, follows the numbers of deltas, and looks at settlements. It
/// keeps no document: the bytes of a delta are parsed once for all thin editors of a room
/// (`RoomBoard`), and each compares the bytes it got with those.
final class ThinEditor: Editor, LinkDelegate {
    private enum Phase { case connecting, opening, joining, ready, lost }

    /// Less than the 25 s of `hello`.
    private static let heartbeatInterval: Duration = .seconds(15)

    let measure: EditorMeasure
    private let seat: Seat
    private var link: ClientLink?
    private var phase = Phase.connecting
    private var editHead: [UInt8] = []
    private var editMiddle: [UInt8] = []
    private var editTail: [UInt8] = []
    private(set) var number: Int64 = 0
    private(set) var settledThrough: Int64 = 0
    private(set) var receivedMessages = 0
    /// The next edit to send; those before it were sent.
    private var nextToSend: Int64 = 1
    private var sendAt: Duration = .zero
    private var heartbeatAt: Duration = .zero
    private var isClosing = false

    init(_ seat: Seat, driver: LoopDriver, loop: ClientLoop, now: Duration) {
        measure = EditorMeasure(number: seat.number)
        self.seat = seat
        link = ClientLink(to: seat.endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    var isReady: Bool { phase == .ready }
    var receivedBytes: Int { link?.receivedBytes ?? 0 }
    var sentBytes: Int { link?.sentBytes ?? 0 }

    // MARK: - Editing

    func edit(due: Duration, now: Duration) {
        _ = measure.make(due: due)
        if now >= sendAt { sendOpen() }
    }

    func tick(now: Duration) {
        guard phase == .ready else { return }
        if now >= sendAt, nextToSend <= measure.made { sendOpen() }
        if now >= heartbeatAt {
            heartbeatAt = now + Self.heartbeatInterval
            send(.heartbeat, [:], id: nil)
        }
    }

    func close() {
        isClosing = true
        link?.close()
    }

    /// Sends in order what was not sent, or is to be sent again. The `seq` is the edit's number.
    private func sendOpen() {
        guard phase == .ready, let link else { return }
        while nextToSend <= measure.made {
            var bytes = editHead
            bytes.reserveCapacity(editHead.count + editMiddle.count + editTail.count + 64)
            append(nextToSend, to: &bytes)
            bytes += editMiddle
            append(number, to: &bytes)
            bytes += editTail
            append(Slider.value(editor: measure.number, edit: nextToSend), to: &bytes)
            bytes += "}}}".utf8
            guard link.send(bytes) else { return }
            nextToSend += 1
        }
    }

    private func append(_ integer: Int64, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\(integer)".utf8)
    }

    private func send(_ method: Method, _ params: JSON.Object, id: Int64?) {
        let request = Request(id: id.map { .integer($0) }, method: method, params: params)
        _ = link?.send(request.bytes)
    }

    // MARK: - LinkDelegate

    func linkOpened(now: Duration) {
        phase = .opening
        heartbeatAt = now + Self.heartbeatInterval
        send(.sessionOpen, ["token": .string(seat.token)], id: 1)
    }

    func linkReceived(_ text: [UInt8], now: Duration) {
        receivedMessages += 1
        if let delta = seat.board.delta(in: text) {
            apply(delta, now: now)
            return
        }
        guard let messages = ServerMessage.read(text) else {
            return fail("a message that is not of this protocol")
        }
        for message in messages {
            switch message {
            case .result(.integer(1), _):
                phase = .joining
                send(.roomJoin, ["room": .string(seat.room.description)], id: 2)
            case .result(.integer(2), let result): joined(result, now: now)
            case .failure(_, let error): fail(error.message)
            case .notification(NotificationName.event, let params):
                if let event = Event(params: params) { receive(event, text, now: now) }
            case .notification(NotificationName.bye, let params):
                fail("bye: \(params["reason"]?.string ?? "")")
            case .result, .notification: break
            }
        }
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) {
        guard !isClosing else { return }
        phase = .lost
        seat.tally.lostConnections += 1
        fail("\(ending)")
    }

    private func fail(_ why: String) { measure.failure = measure.failure ?? why }

    private func joined(_ json: JSON, now: Duration) {
        guard let result = JoinResult(json: json), let replica = result.replica else {
            return fail("no editor of this room")
        }
        number = result.number
        editHead = Array(
            (#"{"jsonrpc":"2.0","method":"room.edit","params":{"room":"\#(seat.room)","replica":""#
                + #"\#(replica.id.text)","seq":"#).utf8)
        editMiddle = Array(#","base":{"epoch":\#(result.epoch),"number":"#.utf8)
        editTail = Array(#"},"set":{"\#(measure.pointer)":"#.utf8)
        phase = .ready
    }

    private func receive(_ event: Event, _ text: [UInt8], now: Duration) {
        switch event.kind {
        case .delta:
            guard let span = event.span, let patch = event.data["patch"] else { return }
            let delta = RoomBoard.delta(from: span.from, through: span.through, patch: patch)
            seat.board.parsed(text, delta)
            apply(delta, now: now)
        case .settled:
            guard let settlement = Settlement(json: event.data) else { return }
            settle(settlement, now: now)
        case .left: fail("out of the room: \(event.data["code"]?.string ?? "")")
        default: break
        }
    }

    private func apply(_ delta: RoomBoard.Delta, now: Duration) {
        guard phase == .ready, delta.through > number else { return }
        guard delta.from <= number else { return fail("a gap: \(number) to \(delta.from)") }
        measure.deltas += 1
        seat.board.arrived(delta, at: number, now: now)
        number = delta.through
    }

    private func settle(_ settlement: Settlement, now: Duration) {
        for verdict in settlement.refused where verdict.seq > settledThrough {
            measure.refuse(verdict.seq, verdict.error.message)
        }
        if settlement.through > settledThrough {
            settledThrough = settlement.through
            measure.settle(
                through: settledThrough, at: number, on: seat.board,
                acknowledgement: &seat.tally.acknowledgement, now: now)
        }
        guard let retry = settlement.retry else { return }
        measure.retries += 1
        nextToSend = min(nextToSend, retry.from)
        sendAt = now + .milliseconds(retry.retryAfterMs)
    }
}
