import CRDT
import Model
import Replica
import Testing
import Wire

/// rooms.md#pending-edits, rooms.md#settlement, rooms.md#resume, rooms.md#healing: a client's side.
@Suite struct PatternReplicaTests {
    static let room = Identifier(high: 1, low: 2)
    static let id = ReplicaID(rawValue: 0xABC)
    static let volume = "/machines/Salsa/instruments/cowbell/volume"
    static let bpm = "/machines/Salsa/bpm"

    static let document: JSON = [
        "title": "T", "description": "", "flavor": "Salsa",
        "machines": [
            "Salsa": [
                "bpm": 180, "keyNote": 0,
                "instruments": [
                    "cowbell": [
                        "enabled": true, "activeProgram": 0, "volume": 0.5, "pitchOffset": 0,
                    ]
                ],
            ],
            "Merengue": ["bpm": 130, "keyNote": 0, "instruments": [:]],
        ],
    ]

    static func result(
        _ content: JoinResult.Content = .document(document), number: Int64 = 10,
        epoch: Int64 = 1, through: Int64 = 0, refused: [Verdict] = [], renumber: Bool = false,
        id: ReplicaID? = id, role: Role = .owner, hash: String? = nil
    ) -> JoinResult {
        var shown = document
        if case .patch(let patch, _) = content { shown.merge(patch) }
        return JoinResult(
            room: room, epoch: epoch, number: number, role: role, content: content,
            replica: id.map {
                .init(id: $0, through: through, refused: refused, renumber: renumber)
            },
            member: 1, members: [Member(number: 1, name: "Ana", role: role)], count: 1,
            hash: hash ?? StateHash.text(ofCanonical: shown.canonical()))
    }

    static func joined() -> Subject {
        let replica = Subject(room: room)
        _ = replica.joinRequest()
        replica.joined(result())
        _ = replica.takeChanges()
        return replica
    }

    static func delta(_ from: Int64, _ through: Int64, _ patch: JSON, hash: String? = nil) -> Event
    {
        var data: JSON.Object = ["patch": patch]
        if let hash { data["hash"] = .string(hash) }
        return Event(
            stream: .room(room), kind: .delta,
            span: .init(epoch: 1, from: from, through: through), data: .object(data))
    }

    static func settled(
        _ through: Int64, refused: [Verdict] = [], retry: Settlement.Retry? = nil
    ) -> Event {
        Event(
            stream: .room(room), kind: .settled,
            data: Settlement(replica: id, through: through, refused: refused, retry: retry).json)
    }

    static func set(_ pointer: String, _ value: JSON) -> EditContent {
        EditContent(set: [pointer: value])
    }

    static func bpm(of document: JSON) -> JSON? { document["machines"]?["Salsa"]?["bpm"] }

    // MARK: - Pending

    @Test func `Pending edits are laid over what is confirmed until they are settled`() {
        let replica = Self.joined()
        let ticket = replica.edit(Self.set(Self.bpm, 200), claimedMs: nil)
        #expect(Self.bpm(of: replica.shown) == 200)
        #expect(Self.bpm(of: replica.confirmed) == 180)
        #expect(replica.takeRequests(now: .zero).map(\.seq) == [1])
        // Somebody else's value arrives; one's own, sent later, still shows.
        replica.receive(Self.delta(10, 11, ["machines": ["Salsa": ["bpm": 90]]]), now: .zero)
        #expect(Self.bpm(of: replica.confirmed) == 90)
        #expect(Self.bpm(of: replica.shown) == 200)
        replica.receive(Self.delta(11, 12, ["machines": ["Salsa": ["bpm": 200]]]), now: .zero)
        replica.receive(Self.settled(1), now: .zero)
        #expect(replica.pendingCount == 0)
        #expect(replica.shown == replica.confirmed)
        #expect(replica.takeChanges().contains(.settled(ticket ?? 0)))
    }

    @Test func `The overlay adds, removes and sets as the server would`() {
        let replica = Self.joined()
        func bass() -> JSON? {
            replica.shown["machines"]?["Salsa"]?["instruments"]?["bass"]
        }
        let pointer = "/machines/Salsa/instruments/bass"
        _ = replica.edit(Self.set(pointer + "/volume", 0.3), claimedMs: nil)
        #expect(bass() == nil, "a field does not bring an absent instrument")
        _ = replica.edit(EditContent(add: [pointer]), claimedMs: nil)
        #expect(bass()?.object?.count == 4)
        _ = replica.edit(Self.set(pointer + "/volume", 0.337), claimedMs: nil)
        #expect(bass()?["volume"] == 0.34)
        _ = replica.edit(EditContent(remove: [pointer]), claimedMs: nil)
        #expect(bass() == nil)
        _ = replica.edit(Self.set(Self.bpm, 999), claimedMs: nil)
        #expect(Self.bpm(of: replica.shown) == 180, "what will be refused does not show")
    }

    @Test func `Only edits that were never sent are merged`() {
        let replica = Self.joined()
        _ = replica.edit(Self.set(Self.bpm, 100), claimedMs: nil)
        #expect(replica.takeRequests(now: .zero).count == 1)
        for value in Int64(101)...120 {
            _ = replica.edit(Self.set(Self.bpm, .integer(value)), claimedMs: nil)
        }
        _ = replica.edit(Self.set(Self.volume, 0.1), claimedMs: nil)
        let requests = replica.takeRequests(now: .zero)
        #expect(requests.map(\.seq) == [2])
        #expect(requests.first?.set == [Self.bpm: 120, Self.volume: 0.1])
        replica.receive(Self.settled(2), now: .zero)
        #expect(replica.takeChanges().count == 22, "each ticket is told")
    }

    @Test func `Edits on different views are not merged, or one would claim what it had not seen`()
    {
        let replica = Self.joined()
        _ = replica.edit(Self.set(Self.bpm, 100), claimedMs: nil)
        replica.receive(Self.delta(10, 11, ["title": "U"]), now: .zero)
        _ = replica.edit(Self.set(Self.bpm, 101), claimedMs: nil)
        #expect(replica.takeRequests(now: .zero).map(\.base?.number) == [10, 11])
    }

    @Test func `An edit made away says when; edits of different fields keep their times`() {
        let replica = Self.joined()
        _ = replica.edit(Self.set(Self.bpm, 99), claimedMs: 500)
        _ = replica.takeRequests(now: .zero)
        replica.disconnected()
        _ = replica.edit(Self.set(Self.bpm, 100), claimedMs: 1_000)
        _ = replica.edit(Self.set(Self.bpm, 101), claimedMs: 2_000)
        _ = replica.edit(Self.set(Self.volume, 0.1), claimedMs: 3_000)
        #expect(replica.takeRequests(now: .zero).isEmpty)
        _ = replica.joinRequest()
        replica.joined(Self.result())
        let requests = replica.takeRequests(now: .zero)
        #expect(requests.map(\.claimedMs) == [500, 2_000, 3_000])
        #expect(requests.map(\.seq) == [1, 2, 3])
        _ = replica.edit(Self.set(Self.bpm, 102), claimedMs: 4_000)
        #expect(replica.takeRequests(now: .zero).map(\.claimedMs) == [nil], "online again")
    }

    @Test func `So many edits are in flight, so many wait, and no more`() {
        let replica = Self.joined()
        let pointer = "/machines/Salsa/instruments/cowbell"
        var accepted = 0
        while replica.edit(EditContent(add: [pointer]), claimedMs: nil) != nil { accepted += 1 }
        #expect(accepted == PatternReplica.pendingEditsMax)
        #expect(replica.takeRequests(now: .zero).count == PatternReplica.inFlightEditsMax)
        #expect(replica.takeRequests(now: .zero).isEmpty)
        #expect(replica.nextDeadline == nil)
        replica.receive(Self.settled(100), now: .zero)
        #expect(replica.takeRequests(now: .zero).count == 100)
    }

    // MARK: - Settlement

    @Test func `A refusal drops that one edit and what it showed`() throws {
        let replica = Self.joined()
        let bad = try #require(replica.edit(Self.set(Self.bpm, 200), claimedMs: nil))
        _ = replica.takeRequests(now: .zero)
        let good = try #require(replica.edit(Self.set(Self.volume, 0.9), claimedMs: nil))
        _ = replica.takeRequests(now: .zero)
        let error = WireError(.outOfRange, "no", path: Self.bpm, value: 180)
        replica.receive(Self.settled(1, refused: [Verdict(seq: 1, error: error)]), now: .zero)
        #expect(replica.takeChanges() == [.refused(bad, error)])
        #expect(Self.bpm(of: replica.shown) == 180)
        #expect(replica.pendingCount == 1)
        // The verdict is repeated: told once all the same.
        replica.receive(Self.settled(2, refused: [Verdict(seq: 1, error: error)]), now: .zero)
        #expect(replica.takeChanges() == [.settled(good)])
        #expect(replica.joinRequest().confirmed == 2)
        #expect(replica.owesConfirmation)
    }

    @Test func `A retry sends again from there, in order, with the same numbers, after the wait`() {
        let replica = Self.joined()
        for value in Int64(1)...4 {
            _ = replica.edit(Self.set(Self.bpm, .integer(100 + value)), claimedMs: nil)
            _ = replica.takeRequests(now: .zero)
        }
        let retry = Settlement.Retry(from: 3, code: .rate, retryAfterMs: 250)
        replica.receive(Self.settled(1, retry: retry), now: .seconds(1))
        #expect(replica.nextDeadline == .milliseconds(1_250))
        #expect(replica.takeRequests(now: .milliseconds(1_249)).isEmpty)
        let again = replica.takeRequests(now: .milliseconds(1_250))
        #expect(again.map(\.seq) == [3, 4])
        #expect(again.map { $0.set[Self.bpm] } == [103, 104])
        #expect(replica.takeRequests(now: .seconds(9)).isEmpty)
    }

    @Test func `After epoch nothing is sent before the answer to the join`() {
        let replica = Self.joined()
        _ = replica.edit(Self.set(Self.bpm, 100), claimedMs: nil)
        _ = replica.takeRequests(now: .zero)
        let retry = Settlement.Retry(from: 1, code: .epoch, retryAfterMs: 0)
        replica.receive(Self.settled(0, retry: retry), now: .zero)
        #expect(replica.needsJoin)
        _ = replica.joinRequest()
        #expect(replica.takeRequests(now: .seconds(1)).isEmpty)
        // The head is below what was seen, in the same epoch.
        replica.joined(Self.result(number: 5))
        #expect(replica.takeRequests(now: .seconds(1)).map(\.base) == [nil])
    }

    // MARK: - Joining

    @Test func `Coming back drops what is settled and resends the rest with unchanged numbers`() {
        let replica = Self.joined()
        for value in Int64(1)...3 {
            _ = replica.edit(Self.set(Self.bpm, .integer(100 + value)), claimedMs: nil)
            _ = replica.takeRequests(now: .zero)
        }
        replica.disconnected()
        let request = replica.joinRequest()
        #expect(request.replica == Self.id)
        #expect(request.cursor == Cursor(epoch: 1, number: 10))
        let error = WireError(.outOfRange, "no")
        replica.joined(
            Self.result(
                .patch(["title": "New"], from: 10), number: 12, through: 2,
                refused: [Verdict(seq: 2, error: error)]))
        #expect(replica.takeChanges() == [.settled(1), .refused(2, error), .joined])
        #expect(replica.confirmed["title"] == "New")
        #expect(replica.takeRequests(now: .zero).map(\.seq) == [3])
        _ = replica.edit(Self.set(Self.bpm, 90), claimedMs: nil)
        #expect(replica.takeRequests(now: .zero).map(\.seq) == [4])
    }

    @Test func `A new identity numbers what is pending from one, as having seen nothing`() {
        let replica = Self.joined()
        for value in Int64(1)...3 {
            _ = replica.edit(Self.set(Self.bpm, .integer(100 + value)), claimedMs: nil)
            _ = replica.takeRequests(now: .zero)
        }
        replica.receive(Self.settled(1), now: .zero)
        replica.disconnected()
        let fresh = ReplicaID(rawValue: 0xDEF)
        replica.joined(Self.result(epoch: 2, renumber: true, id: fresh))
        let requests = replica.takeRequests(now: .zero)
        #expect(requests.map(\.seq) == [1, 2])
        #expect(requests.allSatisfy { $0.replica == fresh && $0.base == nil })
        #expect(replica.joinRequest().confirmed == 0)
    }

    @Test func `Who may no longer edit is told what that costs`() {
        let replica = Self.joined()
        _ = replica.edit(Self.set(Self.bpm, 100), claimedMs: nil)
        replica.disconnected()
        replica.joined(Self.result(id: nil, role: .viewer))
        let changes = replica.takeChanges()
        guard case .refused(1, let error)? = changes.first else {
            Issue.record("\(changes)")
            return
        }
        #expect(error.name == .forbidden)
        #expect(replica.shown == replica.confirmed)
    }

    // MARK: - Deltas

    @Test func `Deltas that are known are ignored, and a hole asks to join again, once`() {
        let replica = Self.joined()
        replica.receive(Self.delta(8, 10, ["title": "Old"]), now: .zero)
        #expect(replica.confirmed["title"] == "T")
        replica.receive(Self.delta(8, 11, ["title": "Joined"]), now: .zero)
        #expect(replica.confirmed["title"] == "Joined")
        #expect(replica.cursor?.number == 11)
        replica.receive(Self.delta(12, 13, ["title": "Later"]), now: .zero)
        #expect(replica.needsJoin)
        #expect(replica.confirmed["title"] == "Joined")
        _ = replica.joinRequest()
        replica.receive(Self.delta(13, 14, ["title": "Later"]), now: .zero)
        #expect(!replica.needsJoin)
    }

    @Test func `A hash that differs is told with the state that has it`() {
        let replica = Self.joined()
        var next = Self.document
        next.merge(["title": "U"])
        let hash = StateHash.text(ofCanonical: next.canonical())
        replica.receive(Self.delta(10, 11, ["title": "U"], hash: hash), now: .zero)
        #expect(replica.takeMismatch() == nil)
        replica.receive(Self.delta(11, 12, ["title": "V"], hash: hash), now: .zero)
        let mismatch = replica.takeMismatch()
        #expect(mismatch?.number == 12)
        #expect(mismatch?.state == replica.confirmed.canonical())
    }
}
