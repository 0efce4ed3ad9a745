import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Wire

/// patterns.md#update and rooms.md#when-access-changes, as a room decides them.
@Suite struct UpdateTests {
    private let user = Fixture.owner
    private let other = Identifier(high: 2, low: 2)

    private func note(_ number: UInt64 = 1) -> OperationNote {
        OperationNote(
            user: user, operation: Identifier(high: 7, low: number), requestSHA256: [1, 2, 3])
    }

    private func update(
        _ bench: TestRoom, _ params: JSON.Object, role: Role = .editor, note number: UInt64 = 1,
        call: CallNumber = 1
    ) throws -> Room.EditOutcome {
        defer { bench.collect() }
        return bench.room.update(
            try PatternUpdate(params), role: role, note: note(number), call: call,
            at: bench.moment)
    }

    @Test func `An update is an edit that all get, and notes its call in one commit`() throws {
        let bench = try TestRoom()
        let guest = try bench.join(Fixture.person(.viewer))
        #expect(try update(bench, ["title": "Rueda", "bpm": 133]) == .gathered)
        let draft = try #require(bench.beginCommit())
        #expect(draft.operations == [note()])
        try bench.disk.write(draft)
        bench.room.commitSucceeded(at: bench.moment)
        bench.collect()
        let delta = try #require(bench.events(to: guest.member).first { $0.kind == .delta })
        #expect(delta.data["patch"]?["title"] == "Rueda")
        #expect(bench.room.row.bpm == 133)
        // It reads back as any other edit.
        let again = try TestRoom(disk: bench.disk)
        #expect(again.room.row.title == "Rueda")
    }

    @Test func `All updates of a user share one replica, which nobody can take up`() throws {
        let bench = try TestRoom()
        for number in UInt64(1)...3 {
            #expect(try update(bench, ["bpm": .integer(100 + Int64(number))], note: number)
                == .gathered)
            try bench.commit()
        }
        #expect(bench.disk.replicas.count == 1)
        let replica = try #require(bench.disk.replicas.values.first)
        #expect(replica.lastSeq == 3)
        let joined = try bench.join(replica: replica.id)
        #expect(joined.replica?.id != replica.id)
        #expect(joined.replica?.renumber == true)
    }

    @Test func `What is refused consumes nothing and is not noted`() throws {
        let bench = try TestRoom()
        for (role, params, name): (Role, JSON.Object, ErrorName) in [
            (.viewer, ["bpm": 100], .forbidden), (.editor, ["bpm": 251], .outOfRange),
            (.editor, ["title": ""], .length),
        ] {
            guard case .refused(let error) = try update(bench, params, role: role) else {
                Issue.record("\(params) was taken")
                continue
            }
            #expect(error.name == name)
        }
        #expect(bench.beginCommit() == nil)
        #expect(try update(bench, ["bpm": 100]) == .gathered)
        try bench.commit()
        #expect(bench.disk.replicas.values.map(\.lastSeq) == [1])
        bench.room.setReadOnly(true)
        guard case .retry(let error) = try update(bench, ["bpm": 101]) else {
            Issue.record("taken while nothing can be written")
            return
        }
        #expect(error.name == .readOnly)
    }

    @Test func `A configuration names all, and what is the same is not written`() throws {
        let bench = try TestRoom()
        let configuration: JSON = [
            "instruments": [["id": "clave", "volume": 0.25], ["id": "cowbell"]]
        ]
        #expect(try update(bench, ["configuration": configuration]) == .gathered)
        try bench.commit()
        let shown = try #require(bench.room.row.configuration["instruments"]?.array)
        #expect(shown.compactMap { $0["id"]?.string } == ["clave", "cowbell"])
        #expect(shown.first?["volume"]?.double == 0.25)
        #expect(try update(bench, ["configuration": configuration]) == .settled(nil))
        #expect(
            try update(bench, ["configuration": ["instruments": [["id": "clave"]]]]) == .gathered)
        try bench.commit()
        #expect(bench.room.row.configuration["instruments"]?.array?.count == 1)
    }

    @Test(arguments: [
        [:], ["configuration": [:]],
        ["configuration": ["instruments": [["id": "oboe"]]]],
        ["configuration": ["instruments": [["id": "clave"], ["id": "clave"]]]],
    ] as [JSON.Object])
    func `Params that say nothing, or nothing possible, are refused`(_ params: JSON.Object) {
        #expect(throws: WireError.self) { try PatternUpdate(params) }
    }

    @Test func `A flavor's instrument that the other has not is refused with its place`() throws {
        let bench = try TestRoom()
        let outcome = try update(
            bench,
            ["flavor": "Salsa", "configuration": ["instruments": [["id": "tambora"]]]])
        guard case .refused(let error) = outcome else {
            Issue.record("a tambora in a salsa machine")
            return
        }
        #expect(error.path == "/configuration/instruments/0/id")
    }

    // MARK: - Access

    @Test func `Who has another role is sent out to come again`() throws {
        let bench = try TestRoom()
        let owner = try bench.join()
        let editor = try bench.join(Fixture.person(.editor, other))
        let guest = try bench.join(Fixture.person(.guest))
        #expect(bench.edit(editor, seq: 1, set: [.bpm: 101]) == .gathered)
        bench.room.changeAccess(now: bench.now) { user in
            if user == Fixture.owner { .owner } else { user == nil ? nil : .viewer }
        }
        bench.collect()
        #expect(bench.removed == [editor.member, guest.member])
        let left = bench.events(to: editor.member).last
        #expect(left?.kind == .left && left?.data["code"] == "access")
        #expect(bench.events(to: guest.member).last?.data["code"] == "notFound")
        // At once, and not only for what is sent after coming again.
        guard case .refused = bench.edit(editor, seq: 2, set: [.bpm: 102]) else {
            Issue.record("it still edits")
            return
        }
        // What was taken before stays.
        try bench.commit()
        #expect(bench.room.row.bpm == 101)
        let back = try bench.join(Fixture.person(.viewer, other), replica: editor.replica?.id)
        #expect(back.replica == nil)
        #expect(bench.edit(owner, seq: 1, set: [.bpm: 103]) == .gathered)
    }

    @Test func `A role that is the same disturbs nobody`() throws {
        let bench = try TestRoom()
        let owner = try bench.join()
        bench.room.changeAccess(now: bench.now) { _ in .owner }
        bench.collect()
        #expect(bench.removed.isEmpty)
        #expect(bench.edit(owner, seq: 1, set: [.bpm: 101]) == .gathered)
    }

    @Test func `An editor who comes back as one goes on with the same replica`() throws {
        let bench = try TestRoom()
        let editor = try bench.join(Fixture.person(.editor, other))
        _ = bench.edit(editor, seq: 1, set: [.bpm: 101])
        bench.room.changeAccess(now: bench.now) { _ in .viewer }
        bench.collect()
        try bench.commit()
        let back = try bench.join(Fixture.person(.editor, other), replica: editor.replica?.id)
        #expect(back.replica?.id == editor.replica?.id)
        #expect(back.replica?.through == 1)
        #expect(bench.edit(back, seq: 2, set: [.bpm: 102]) == .gathered)
    }
}
