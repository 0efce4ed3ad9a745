import Model
import Testing
import Wire

/// Each message comes back as it was written.
@Suite struct MessageTests {
    private let room = Identifier(high: 0x0198_C5F0_0000_7000, low: 0x8000_0000_0000_0001)
    private let replica = ReplicaID(rawValue: 0x9F1C_0000_0000_00FF)

    @Test func joinRequest() throws {
        let plain = JoinRequest(room: room)
        #expect(try JoinRequest(plain.json) == plain)
        let full = JoinRequest(
            room: room, cursor: Cursor(epoch: 7, number: 9), replica: replica, confirmed: 3,
            wantsStamps: true)
        #expect(try JoinRequest(full.json) == full)
    }

    @Test func editRequest() throws {
        let edit = EditRequest(
            room: room, replica: replica, seq: 4, base: Cursor(epoch: 7, number: 9),
            claimedMs: -5, set: ["/title": "x"], add: ["/a"], remove: ["/b"])
        #expect(try EditRequest(edit.json) == edit)
        let void = EditRequest(room: room, replica: replica, seq: 4, isVoid: true)
        #expect(try EditRequest(void.json) == void)
    }

    @Test(arguments: ["room", "replica", "seq"])
    func `an edit without what it needs is refused by name`(_ name: String) {
        var object = EditRequest(room: room, replica: replica, seq: 1).json
        object[name] = nil
        do throws(WireError) {
            _ = try EditRequest(object)
            Issue.record("taken")
        } catch {
            #expect(error.name == .invalidParams)
            #expect(error.path == "/\(name)")
        }
    }

    @Test func settlement() {
        let verdict = Verdict(
            seq: 3,
            error: WireError(
                .outOfRange, "bpm", path: "/machines/Salsa/bpm", allowed: "80..250", value: 180))
        let settlement = Settlement(
            replica: replica, through: 9, refused: [verdict],
            retry: Settlement.Retry(from: 10, code: .rate, retryAfterMs: 12))
        #expect(Settlement(json: settlement.json) == settlement)
        let plain = Settlement(replica: replica, through: 0)
        #expect(Settlement(json: plain.json) == plain)
    }

    @Test func joinResult() {
        let member = Member(number: 3, name: "Ana", role: .owner, touching: "/title")
        for content in [
            JoinResult.Content.document(["title": "x"]), .patch([:], from: 4),
        ] {
            let result = JoinResult(
                room: room, epoch: 7, number: 9, role: .owner, content: content,
                replica: JoinResult.Replica(
                    id: replica, through: 2, refused: [], renumber: true),
                member: 3, members: [member], count: 1, hash: "00")
            #expect(JoinResult(json: result.json) == result)
            #expect(result.json["state"] == nil)
        }
    }

    @Test func presence() {
        let update = PresenceUpdate(
            count: 2, joined: [Member(number: 3, name: "Ana", role: .guest)], left: [1],
            touching: [5: "/title", 6: nil])
        #expect(PresenceUpdate(json: update.json) == update)
    }

    @Test func event() throws {
        let event = Event(
            stream: .room(room), kind: .delta, span: Event.Span(epoch: 7, from: 1, through: 3),
            data: ["patch": [:]])
        let message = try #require(ServerMessage.read(event.bytes)?.first)
        guard case .notification("event", let params) = message else {
            Issue.record("not an event")
            return
        }
        #expect(Event(params: params) == event)
    }

    @Test func `an error of a later version keeps its message`() {
        let error = WireError(json: [
            "code": 9999, "message": "new", "data": ["code": "brandNew", "retryable": true],
        ])
        #expect(error.name == .internal)
        #expect(error.message == "new")
    }

    /// Found by fuzzing: a client counted on from there.
    @Test func `a server that settles through the end of all numbers is not understood`() {
        for through in [-1, 1 << 53 + 1, .max] as [Int64] {
            let member: JSON = ["replica": "0000000000001001", "through": .integer(through)]
            #expect(Settlement(json: member) == nil)
        }
        #expect(
            Settlement(json: ["replica": "0000000000001001", "through": .integer(1 << 53)]) != nil)
    }
}
