import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Wire

/// rooms.md#join, rooms.md#replicas, rooms.md#deltas, rooms.md#presence, rooms.md#resume.
@Suite struct MemberTests {
    // MARK: - Replicas

    @Test(arguments: [false, true])
    func `Taking up a replica fences off the socket that held it`(hasEdited: Bool) throws {
        let bench = try TestRoom()
        let old = try bench.join()
        if hasEdited {
            _ = bench.edit(old, seq: 1, set: [.bpm: 100])
            try bench.commit()
        }
        let new = try bench.join(replica: old.replica?.id)
        #expect(new.replica?.id == old.replica?.id)
        #expect(new.replica?.renumber == false)
        #expect(bench.removed == [old.member])
        let last = try #require(bench.events(to: old.member).last)
        #expect(last.kind == .left)
        #expect(last.data["code"] == "fenced")
        guard case .refused = bench.edit(old, seq: 2, set: [.bpm: 100]) else {
            Issue.record("the old socket still edits")
            return
        }
        let next = (new.replica?.through ?? 0) + 1
        #expect(bench.edit(new, seq: next, set: [.bpm: 120]) == .gathered)
        // The old socket going must not take the replica along.
        bench.room.leave(old.member, now: bench.now)
        #expect(bench.edit(new, seq: next + 1, set: [.bpm: 121]) == .gathered)
    }

    @Test func `An unknown replica and another epoch mean new numbers`() throws {
        let bench = try TestRoom()
        let author = try bench.join(replica: ReplicaID(rawValue: 5))
        #expect(author.replica?.renumber == true)
        #expect(author.replica?.id != ReplicaID(rawValue: 5))
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        for cursor in [
            Cursor(epoch: Fixture.epoch - 1, number: 1), Cursor(epoch: Fixture.epoch, number: 2),
        ] {
            let back = try bench.join(replica: author.replica?.id, cursor: cursor)
            #expect(back.replica?.renumber == true)
            #expect(back.replica?.through == 0)
            guard case .document = back.content else {
                Issue.record("recovered from a history that is not there")
                return
            }
        }
    }

    @Test func `A replica that was never used leaves nothing behind`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        bench.room.leave(author.member, now: bench.now)
        #expect(try bench.join(replica: author.replica?.id).replica?.renumber == true)
    }

    // MARK: - Resume

    @Test func `A cursor of any age is answered with what was missed`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        var views = [bench.room.committed.view(catalogue: Fixture.catalogue)]
        for seq in Int64(1)...30 {
            switch seq % 5 {
            case 0: _ = bench.edit(author, seq: seq, remove: [.cowbell])
            case 1: _ = bench.edit(author, seq: seq, add: [.cowbell])
            case 2: _ = bench.edit(author, seq: seq, set: [.cowbellVolume: JSON(Double(seq) / 100)])
            default: _ = bench.edit(author, seq: seq, set: [.bpm: .integer(80 + seq)])
            }
            try bench.commit()
            views.append(bench.room.committed.view(catalogue: Fixture.catalogue))
        }
        for (number, view) in views.enumerated() {
            let back = try bench.join(
                Fixture.person(.guest), cursor: Cursor(epoch: Fixture.epoch, number: Int64(number)))
            guard case .patch(let patch, let from) = back.content else {
                Issue.record("not recovered from \(number)")
                return
            }
            var document = view
            document.merge(patch)
            #expect(from == Int64(number))
            #expect(document == views.last)
            #expect(back.hash == bench.room.committed.stateHash(catalogue: Fixture.catalogue))
        }
    }

    // MARK: - Pacing

    @Test func `The first delta leaves at once, those after it are paced and joined`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let viewer = try bench.join(Fixture.person(.guest))
        bench.pass(.seconds(1))
        _ = bench.events(to: viewer.member)
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        #expect(bench.events(to: viewer.member).map(\.span?.through) == [1])
        for seq in Int64(2)...10 {
            _ = bench.edit(author, seq: seq, set: [.bpm: .integer(100 + seq)])
            try bench.commit()
        }
        #expect(bench.events(to: viewer.member).isEmpty)
        bench.pass(.milliseconds(Limits.broadcastPaceMs + 1))
        let paced = bench.events(to: viewer.member)
        #expect(paced.map(\.span) == [Event.Span(epoch: Fixture.epoch, from: 1, through: 10)])
        #expect(paced.first?.data["patch"] == ["machines": ["Salsa": ["bpm": 110]]])
    }

    @Test func `One that falls behind costs nothing, and catches up with one joined delta`() throws
    {
        let bench = try TestRoom()
        let author = try bench.join()
        let slow = try bench.join(replica: nil)
        bench.pass(.seconds(1))
        bench.room.fallBehind(slow.member)
        _ = bench.messages(to: slow.member)
        var view = bench.room.committed.view(catalogue: Fixture.catalogue)
        _ = bench.edit(slow, seq: 1, set: [.cowbellVolume: 0.1])
        for seq in Int64(1)...5 {
            _ = bench.edit(author, seq: seq, set: [.bpm: .integer(100 + seq)])
            try bench.commit()
            bench.pass(.milliseconds(100))
        }
        #expect(bench.mail[slow.member] == nil)
        bench.room.catchUp(slow.member)
        bench.collect()
        let events = bench.events(to: slow.member)
        #expect(events.map(\.kind) == [.delta, .settled, .presence])
        #expect(events.first?.span == Event.Span(epoch: Fixture.epoch, from: 0, through: 6))
        view.merge(events.first?.data["patch"] ?? .null)
        #expect(view == bench.room.committed.view(catalogue: Fixture.catalogue))
    }

    @Test func `rooms.md#presence: another name is told as one who joined, once`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let guest = try bench.join(Fixture.person(.guest))
        bench.pass(.seconds(1))
        _ = bench.events(to: guest.member)
        bench.room.rename(Fixture.owner, to: "Another")
        bench.pass(.seconds(1))
        let told = bench.events(to: guest.member)
        #expect(told.count == 1)
        let update = try #require(told.first.flatMap { PresenceUpdate(json: $0.data) })
        #expect(update.joined.map(\.number) == [author.member] && update.count == 2)
        #expect(update.joined.first?.name == "Another" && update.left.isEmpty)
        // The same name again is no news, and one who goes at once is only told to be gone.
        bench.room.rename(Fixture.owner, to: "Another")
        bench.pass(.seconds(1))
        #expect(bench.events(to: guest.member).isEmpty)
        bench.room.rename(Fixture.owner, to: "A third")
        bench.room.leave(author.member, now: bench.now)
        bench.pass(.seconds(1))
        let last = bench.events(to: guest.member).last.flatMap { PresenceUpdate(json: $0.data) }
        #expect(last?.joined == [] && last?.left == [author.member])
    }

    @Test func `A settlement comes after its delta also for one that just caught up`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        bench.pass(.seconds(1))
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        bench.room.fallBehind(author.member)
        _ = bench.messages(to: author.member)
        // Committed, but its broadcast waits for the pace.
        _ = bench.edit(author, seq: 2, set: [.bpm: 110])
        try bench.commit()
        bench.room.catchUp(author.member)
        bench.collect()
        let events = bench.events(to: author.member)
        #expect(events.map(\.kind) == [.delta, .settled, .presence])
        #expect(events.first?.span?.through == 2)
        // What follows is known already, and said to begin before.
        bench.pass(.seconds(1))
        #expect(bench.events(to: author.member).allSatisfy { ($0.span?.from ?? 0) <= 2 })
    }

    @Test func `One who comes in between two deltas can apply the next`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        bench.pass(.seconds(1))
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        _ = bench.edit(author, seq: 2, set: [.bpm: 110])
        try bench.commit()
        let late = try bench.join(Fixture.person(.guest))
        #expect(late.number == 2)
        bench.room.fallBehind(late.member)
        bench.room.catchUp(late.member)
        _ = bench.edit(author, seq: 3, set: [.bpm: 120])
        try bench.commit()
        bench.pass(.seconds(1))
        let span = bench.events(to: late.member).first { $0.kind == .delta }?.span
        #expect(span == Event.Span(epoch: Fixture.epoch, from: 1, through: 3))
    }

    @Test func `Full replicas get the raw delta beside the patch`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let full = try bench.join(Fixture.person(.guest), stamps: true)
        var state = try Document(json: try #require(full.state), catalogue: Fixture.catalogue)
        for seq in Int64(1)...6 {
            _ = bench.edit(
                author, seq: seq, set: seq % 3 == 0 ? [:] : [.bpm: .integer(80 + seq)],
                remove: seq % 3 == 0 ? [.cowbell] : [])
            try bench.commit()
        }
        bench.pass(.seconds(1))
        for event in bench.events(to: full.member) where event.kind == .delta {
            let json = try #require(event.data["state"])
            state.join(try Document(json: json, catalogue: Fixture.catalogue))
        }
        #expect(state.fields == bench.room.committed.fields)
        #expect(state.number == 6)
        #expect(
            state.canonical(catalogue: Fixture.catalogue)
                == bench.room.committed.canonical(catalogue: Fixture.catalogue))
        #expect(bench.events(to: author.member).allSatisfy { $0.data["state"] == nil })
    }

    // MARK: - Presence

    @Test func `Presence is merged per tick`() throws {
        let bench = try TestRoom()
        let ana = try bench.join()
        bench.pass(.seconds(1))
        _ = bench.events(to: ana.member)
        let ben = try bench.join(Fixture.person(.viewer, Identifier(high: 9, low: 9)))
        let guest = try bench.join(Fixture.person(.guest))
        bench.room.leave(guest.member, now: bench.now)
        for _ in 0..<50 { try bench.room.touch(.cowbell, by: ben.member) }
        try bench.room.touch("/machines/Salsa/instruments/bongo/volume", by: ana.member)
        #expect(throws: WireError.self) { try bench.room.touch("/nowhere/x", by: ana.member) }
        bench.pass(.seconds(1))
        let updates = bench.events(to: ana.member).compactMap { PresenceUpdate(json: $0.data) }
        #expect(updates.count == 1)
        #expect(updates.first?.count == 2)
        #expect(updates.first?.joined.map(\.number) == [ben.member])
        #expect(updates.first?.joined.first?.touching == .cowbell)
        #expect(
            updates.first?.touching
                == [ana.member: "/machines/Salsa/instruments/bongos/volume"])
        #expect(updates.first?.left == [])
        try bench.room.touch(nil, by: ana.member)
        bench.room.leave(ben.member, now: bench.now)
        bench.pass(.seconds(1))
        let last = bench.events(to: ana.member).compactMap { PresenceUpdate(json: $0.data) }.last
        #expect(last?.left == [ben.member])
        #expect(last?.touching.count == 1)
        #expect(last?.touching[ana.member] == .some(.none))
    }

    @Test func `One that caught up is told everybody who is here`() throws {
        let bench = try TestRoom()
        let slow = try bench.join()
        let leaver = try bench.join()
        bench.pass(.seconds(1))
        bench.room.fallBehind(slow.member)
        bench.room.leave(leaver.member, now: bench.now)
        let comer = try bench.join()
        bench.pass(.seconds(1))
        _ = bench.messages(to: slow.member)
        bench.room.catchUp(slow.member)
        bench.collect()
        let update = bench.events(to: slow.member).compactMap { PresenceUpdate(json: $0.data) }.last
        #expect(update?.isWhole == true)
        #expect(update?.joined.map(\.number) == [slow.member, comer.member])
    }

    @Test func `The end of a room sends everybody away`() throws {
        let bench = try TestRoom()
        let ana = try bench.join()
        let ben = try bench.join()
        bench.room.end(code: .internal, reason: "read again", now: bench.now)
        bench.collect()
        #expect(bench.removed == [ana.member, ben.member])
        #expect(bench.events(to: ana.member).last?.data["code"] == "internal")
        #expect(bench.room.memberCount == 0)
    }
}
