import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Wire

/// rooms.md#edits, rooms.md#settlement, wire.md#errors.
@Suite struct EditTests {
    /// What an edit asks for, and what it gets.
    struct Refused: Sendable, CustomTestStringConvertible {
        let set: JSON.Object
        var add: [String] = []
        var remove: [String] = []
        var isVoid = false
        let name: ErrorName
        let path: String?
        var standing: JSON?

        var testDescription: String { "\(name) \(path ?? "")" }
    }

    static let refusals: [Refused] = [
        Refused(
            set: ["/machines/Salsa/instruments/gong/volume": 1], name: .unknownPath,
            path: "/machines/Salsa/instruments/gong/volume"),
        Refused(
            set: ["/machines/Merengue/instruments/guiro/volume": 1], name: .unknownPath,
            path: "/machines/Merengue/instruments/guiro/volume"),
        Refused(set: ["/machines/Tango/bpm": 100], name: .unknownPath, path: "/machines/Tango/bpm"),
        Refused(set: [.cowbell: 1], name: .unknownPath, path: .cowbell),
        Refused(set: ["title": "x"], name: .unknownPath, path: "title"),
        Refused(
            set: [:], add: ["/title"], name: .unknownPath, path: "/title",
            standing: "Classic Salsa Beat"),
        Refused(set: [.bpm: "fast"], name: .wrongType, path: .bpm, standing: 180),
        Refused(set: [.bpm: 120.5], name: .wrongType, path: .bpm, standing: 180),
        Refused(
            set: ["/title": 7], name: .wrongType, path: "/title", standing: "Classic Salsa Beat"),
        Refused(
            set: ["/title": .null], name: .wrongType, path: "/title",
            standing: "Classic Salsa Beat"),
        Refused(set: [.cowbellVolume: true], name: .wrongType, path: .cowbellVolume, standing: 0.5),
        Refused(set: ["/other": ["a": 1]], name: .wrongType, path: "/other"),
        Refused(set: [.bpm: 79], name: .outOfRange, path: .bpm, standing: 180),
        Refused(set: [.bpm: 251], name: .outOfRange, path: .bpm, standing: 180),
        Refused(set: [.bpm: 1e300], name: .wrongType, path: .bpm, standing: 180),
        Refused(
            set: ["/machines/Salsa/keyNote": 12], name: .outOfRange,
            path: "/machines/Salsa/keyNote", standing: 0),
        Refused(
            set: ["/machines/Salsa/keyNote": -1], name: .outOfRange,
            path: "/machines/Salsa/keyNote", standing: 0),
        Refused(
            set: [.cowbellVolume: 1.01], name: .outOfRange, path: .cowbellVolume, standing: 0.5),
        Refused(set: ["/flavor": "Bachata"], name: .outOfRange, path: "/flavor", standing: "Salsa"),
        Refused(set: ["/title": ""], name: .length, path: "/title", standing: "Classic Salsa Beat"),
        Refused(
            set: ["/title": .string(String(repeating: "x", count: 201))], name: .length,
            path: "/title", standing: "Classic Salsa Beat"),
        Refused(
            set: ["/title": "a\u{7}b"], name: .length, path: "/title",
            standing: "Classic Salsa Beat"),
        Refused(
            set: ["/other": .string(String(repeating: "x", count: 257))], name: .length,
            path: "/other"),
        Refused(set: [.bassVolume: 0.5], name: .absent, path: .bassVolume),
        Refused(set: [.cowbellVolume: 0.5], remove: [.cowbell], name: .conflict, path: .cowbell),
        Refused(set: [:], add: [.cowbell], remove: [.cowbell], name: .conflict, path: .cowbell),
        Refused(
            set: [
                "/machines/Salsa/instruments/bongo/volume": 1,
                "/machines/Salsa/instruments/bongos/volume": 1,
            ], name: .conflict, path: "/machines/Salsa/instruments/bongos/volume",
            standing: 1),
        Refused(set: [:], name: .empty, path: nil),
        Refused(set: [:], isVoid: true, name: .voided, path: nil),
    ]

    @Test(arguments: refusals)
    func `A bad edit is refused whole, with path and standing value, and the next one is taken`(
        bad: Refused
    ) throws {
        let bench = try TestRoom()
        let author = try bench.join()
        // A good value beside the bad one must not get in.
        var set = bad.set
        if !set.isEmpty { set["/description"] = "should not appear" }
        _ = bench.edit(
            author, seq: 1, set: set, add: bad.add, remove: bad.remove, isVoid: bad.isVoid)
        _ = bench.edit(author, seq: 2, set: ["/title": "Next"])
        try bench.commit()
        let settlement = try #require(bench.settlements(to: author.member).last)
        #expect(settlement.through == 2)
        let verdict = try #require(settlement.refused.first)
        #expect(settlement.refused.count == 1)
        #expect(verdict.seq == 1)
        #expect(verdict.error.name == bad.name)
        #expect(verdict.error.path == bad.path)
        #expect(verdict.error.value == bad.standing)
        #expect(!verdict.error.message.isEmpty)
        let view = bench.room.committed.view(catalogue: Fixture.catalogue)
        #expect(view["title"] == "Next")
        #expect(view["description"] == "A traditional salsa rhythm")
        #expect(bench.room.committed.number == 1)
    }

    @Test func `A program out of range is refused per flavor and instrument`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        var seq: Int64 = 0
        for flavor in Flavor.allCases {
            for instrument in Fixture.catalogue.flavor(flavor).instruments {
                let pointer = "/machines/\(flavor.rawValue)/instruments/\(instrument.id.rawValue)"
                let count = Int64(instrument.programs.count)
                for (program, isGood) in [(count - 1, true), (count, false), (-1, false)] {
                    seq += 1
                    _ = bench.edit(
                        author, seq: seq, set: ["\(pointer)/activeProgram": .integer(program)],
                        add: [pointer])
                    try bench.commit()
                    let verdict = bench.disk.refused[
                        Dot(replica: try #require(author.replica?.id), seq: seq)]
                    #expect(verdict?.error.name == (isGood ? nil : .outOfRange), "\(pointer)")
                }
            }
        }
    }

    @Test func `Fields that nobody knows are kept up to the limit`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        for index in 1...Limits.unknownFieldsMax {
            _ = bench.edit(
                author, seq: Int64(index), set: ["/extra\(index)": .integer(Int64(index))])
        }
        let next = Int64(Limits.unknownFieldsMax) + 1
        _ = bench.edit(author, seq: next, set: ["/oneTooMany": 1])
        _ = bench.edit(author, seq: next + 1, set: ["/extra1": 0])
        try bench.commit()
        #expect(bench.disk.refused.values.map(\.error.name) == [.limit])
        let view = bench.room.committed.view(catalogue: Fixture.catalogue)
        #expect(view["extra1"] == 0)
        #expect(view["oneTooMany"] == nil)
    }

    @Test func `An edit of more paths than allowed is refused`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        var set = JSON.Object()
        for index in 0...Limits.pathsPerEditMax { set["/extra\(index)"] = 1 }
        _ = bench.edit(author, seq: 1, set: set)
        try bench.commit()
        #expect(bench.disk.refused.values.map(\.error.name) == [.limit])
    }

    @Test func `Who has not joined, may not edit or holds another replica is told so`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let viewer = try bench.join(Fixture.person(.viewer, Identifier(high: 9, low: 9)))
        let guest = try bench.join(Fixture.person(.guest))
        #expect(viewer.replica == nil)
        #expect(guest.replica == nil)
        func name(_ outcome: Room.EditOutcome) -> ErrorName? {
            if case .refused(let error) = outcome { error.name } else { nil }
        }
        #expect(name(bench.edit(viewer, seq: 1, set: [.bpm: 100])) == .forbidden)
        #expect(name(bench.edit(guest, seq: 1, set: [.bpm: 100])) == .forbidden)
        var stranger = author
        stranger.replica?.id = ReplicaID(rawValue: 77)
        #expect(name(bench.edit(stranger, seq: 1, set: [.bpm: 100])) == .foreignReplica)
        bench.room.leave(author.member, now: bench.now)
        #expect(name(bench.edit(author, seq: 1, set: [.bpm: 100])) == .notJoined)
        #expect(bench.beginCommit() == nil, "nothing was consumed")
    }

    @Test func `A replica of another user is refused at the door`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        let thief = Fixture.person(.editor, Identifier(high: 9, low: 9))
        #expect {
            _ = try bench.join(thief, replica: author.replica?.id)
        } throws: {
            ($0 as? TestRoom.NotJoined)?.error.name == .foreignReplica
        }
        #expect(bench.removed.isEmpty)
    }

    // MARK: - Verdicts

    @Test func `Verdicts are on disk, repeated until confirmed, and outlive the room`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let id = author.replica?.id
        _ = bench.edit(author, seq: 1, set: [.bpm: 79])
        _ = bench.edit(author, seq: 2, set: [.bpm: 100])
        try bench.commit()

        let again = try TestRoom(disk: bench.disk)
        var back = try again.join(replica: id)
        #expect(back.replica?.through == 2)
        #expect(back.replica?.refused.map(\.seq) == [1])
        #expect(back.replica?.refused.first?.error.name == .outOfRange)
        #expect(again.edit(back, seq: 1, set: [.bpm: 100]) == .settled(back.replica?.refused.first))
        // A confirmation beyond what was settled takes only what was.
        again.room.confirm(back.member, through: .max)
        try again.commit()
        #expect(again.disk.verdicts.values.allSatisfy { $0.isEmpty })
        _ = again.edit(back, seq: 3, set: [.bpm: 251])
        try again.commit()
        #expect(again.disk.verdicts.values.map(\.keys.count) == [1])
        back = try again.join(replica: id, confirmed: 2)
        #expect(back.replica?.refused.map(\.seq) == [3])
    }

    @Test func `Too many unconfirmed verdicts stop edits for a passing reason`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let countMax = Int64(Limits.verdictsPerReplicaMax)
        bench.pass(.seconds(5))
        for seq in 1...countMax { _ = bench.edit(author, seq: seq, set: [.bpm: 79]) }
        func outcome(_ seq: Int64) -> ErrorName? {
            if case .retry(let error) = bench.edit(author, seq: seq, set: [.bpm: 100]) {
                error.name
            } else {
                nil
            }
        }
        #expect(outcome(countMax + 1) == .unconfirmed)
        try bench.commit()
        #expect(outcome(countMax + 1) == .unconfirmed)
        bench.room.confirm(author.member, through: countMax)
        #expect(outcome(countMax + 1) == nil)
    }

    @Test func `A commit with nothing but confirmations works, and a failed one keeps them`() throws
    {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 79])
        try bench.commit()
        bench.room.confirm(author.member, through: 1)
        let draft = try #require(bench.beginCommit())
        #expect(draft.editCount == 0)
        #expect(draft.records.isEmpty)
        #expect(draft.confirmed.map(\.through) == [1])
        bench.room.commitFailed(at: bench.moment)
        #expect(!bench.room.isClean)
        try bench.commit()
        #expect(bench.disk.verdicts.values.allSatisfy { $0.isEmpty })
    }

    // MARK: - Passing reasons

    @Test func `A gap consumes nothing, is told once, and the resent edits are taken`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        for seq in Int64(2)...5 {
            guard case .retry(let error) = bench.edit(author, seq: seq, set: [.bpm: 100]) else {
                Issue.record("seq \(seq) was taken")
                return
            }
            #expect(error.name == .gap)
            #expect(error.allowed == "1")
        }
        bench.pass(.seconds(1))
        let told = bench.settlements(to: author.member)
        #expect(told.map(\.retry) == [.init(from: 1, code: .gap, retryAfterMs: 0)])
        for seq in Int64(1)...5 {
            #expect(bench.edit(author, seq: seq, set: [.bpm: 100]) == .gathered)
        }
        try bench.commit()
        bench.pass(.seconds(1))
        let last = bench.settlements(to: author.member).last
        #expect(last?.through == 5)
        #expect(last?.retry == nil)
    }

    @Test func `An edit refused by the rate covers those behind it, and each resend is answered`()
        throws
    {
        let bench = try TestRoom()
        let author = try bench.join()
        // A new replica begins with one second's worth, and gathers a burst.
        bench.pass(.seconds(5))
        var seq: Int64 = 0
        var refused: WireError?
        while refused == nil, seq < 2 * Int64(Limits.editsBurstMax) {
            seq += 1
            if case .retry(let error) = bench.edit(author, seq: seq, set: [.bpm: 100]) {
                refused = error
            }
        }
        #expect(refused?.name == .rate)
        #expect(seq == Int64(Limits.editsBurstMax) + 1)
        // In flight behind it: refused as well, without another word.
        for later in (seq + 1)...(seq + 10) { _ = bench.edit(author, seq: later, set: [.bpm: 90]) }
        try bench.commit()
        bench.pass(.milliseconds(5))
        // Sent again too early: told again.
        _ = bench.edit(author, seq: seq, set: [.bpm: 100])
        bench.pass(.milliseconds(100))
        let retries = bench.settlements(to: author.member).compactMap(\.retry)
        #expect(retries.allSatisfy { $0.from == seq && $0.code == .rate && $0.retryAfterMs > 0 })
        #expect(1...2 ~= retries.count)
        bench.pass(.seconds(1))
        #expect(bench.edit(author, seq: seq, set: [.bpm: 101]) == .gathered)
        try bench.commit()
        #expect(bench.settlements(to: author.member).last?.through == seq)
    }

    @Test func `A base above the head or of another epoch asks to join again`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        guard case .retry(let error) = bench.edit(author, seq: 1, base: 1, set: [.bpm: 100]) else {
            Issue.record("taken")
            return
        }
        #expect(error.name == .epoch)
        let request = EditRequest(
            room: Fixture.room, replica: try #require(author.replica?.id), seq: 1,
            base: Cursor(epoch: 1, number: 0), set: [.bpm: 100])
        guard case .retry = bench.send(request, from: author) else {
            Issue.record("taken")
            return
        }
        #expect(bench.edit(author, seq: 1, set: [.bpm: 100]) == .gathered)
    }

    @Test func `A resend is acknowledged again and never applied again`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        #expect(bench.edit(author, seq: 1, set: [.bpm: 100]) == .gathered)
        #expect(bench.edit(author, seq: 1, set: [.bpm: 100], call: 41) == .gathered)
        try bench.commit()
        #expect(bench.edit(author, seq: 1, set: [.bpm: 200], call: 42) == .settled(nil))
        try bench.commit()
        bench.pass(.seconds(1))
        #expect(bench.room.committed.number == 1)
        let messages = bench.messages(to: author.member)
        let answers = messages.compactMap {
            if case .result(let id, let result) = $0 { [id: result] } else { nil }
        }
        #expect(
            answers == [[.integer(41): ["number": 1]]],
            "whoever asked before the commit is answered")
        let settled = messages.compactMap { message -> Int64? in
            guard case .notification("event", let params) = message,
                let event = Event(params: params), event.kind == .settled
            else { return nil }
            return Settlement(json: event.data)?.through
        }
        #expect(settled == [1, 1])
    }

    @Test func `A long text that stands is cut in a refusal`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let long = String(repeating: "é", count: Limits.descriptionCharactersMax)
        _ = bench.edit(author, seq: 1, set: ["/description": .string(long)])
        _ = bench.edit(author, seq: 2, set: ["/description": .string(long + "x")])
        try bench.commit()
        bench.pass(.seconds(1))
        let verdict = try #require(bench.settlements(to: author.member).last?.refused.first)
        let value = try #require(verdict.error.value?.string)
        #expect(value.unicodeScalars.count == Limits.standingValueCharactersMax + 1)
        #expect(value.hasSuffix("…"))
    }

    @Test func `A new replica has no burst, so joining anew does not lift the rate`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let taken = (1...Int64(Limits.editsBurstMax)).prefix {
            bench.edit(author, seq: $0, set: [.bpm: 100]) == .gathered
        }
        #expect(taken.count == Limits.editsPerSecondMax)
    }

    @Test func `An edit that is sent again and again before its commit keeps few callers`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        for call in 1...Int64(Limits.callsPerEditMax) {
            #expect(bench.edit(author, seq: 1, set: [.bpm: 100], call: call) == .gathered)
        }
        guard case .refused(let error) = bench.edit(author, seq: 1, set: [.bpm: 100], call: 99)
        else {
            Issue.record("taken")
            return
        }
        #expect(error.name == .limit)
    }
}
