import Model
import Rooms
import TestSupport
import Testing
import Wire

/// playing.md.
@Suite struct TransportTests {
    private func play(
        _ bench: TestRoom, _ member: MemberNumber, _ isPlaying: Bool? = true,
        solo: [InstrumentID]? = nil
    ) throws(WireError) {
        let request = TransportRequest(room: Fixture.room, isPlaying: isPlaying, solo: solo)
        _ = try bench.room.transport(request, by: member, at: bench.moment)
        bench.collect()
    }

    private func lead(
        _ bench: TestRoom, _ member: MemberNumber, to other: MemberNumber? = nil,
        locks: Set<RoomPlaying.Lock>? = nil, isEnd: Bool = false
    ) throws(WireError) {
        let request = LeadRequest(
            room: Fixture.room, member: other, locks: locks, isEnd: isEnd)
        _ = try bench.room.lead(request, by: member, at: bench.moment)
        bench.collect()
    }

    private func refusal(_ body: () throws(WireError) -> Void) -> ErrorName? {
        do throws(WireError) {
            try body()
            return nil
        } catch {
            return error.name
        }
    }

    @Test func `playing.md#starting-and-stopping, all are told, and who comes later as well`()
        throws
    {
        let bench = try TestRoom()
        let owner = try bench.join()
        let guest = try bench.join(Fixture.person(.guest))
        try play(bench, owner.member)
        bench.pass(.milliseconds(100))
        for member in [owner.member, guest.member] {
            let event = try #require(bench.events(to: member).last { $0.kind == .playing })
            let playing = try #require(RoomPlaying(json: event.data))
            #expect(playing.beat.step(atMs: bench.wallMs + 300) == 0)
        }
        let late = try bench.join(Fixture.person(.viewer, Identifier(high: 1, low: 3)))
        #expect(late.playing == bench.room.playing)
        #expect(owner.playing == nil)
        #expect(JoinResult(json: late.json)?.playing == late.playing)
        #expect(refusal { () throws(WireError) in try play(bench, guest.member) } == .forbidden)
        #expect(refusal { () throws(WireError) in try play(bench, late.member) } == .forbidden)
        #expect(refusal { () throws(WireError) in try play(bench, owner.member, nil) } == .empty)
    }

    @Test func `playing.md#tempo-and-flavor, the beat follows what is committed`() throws {
        let bench = try TestRoom()
        let owner = try bench.join()
        try play(bench, owner.member)
        bench.wallMs += 1_000
        let before = try #require(bench.room.playing.beat.parts(atMs: bench.wallMs))
        _ = bench.edit(owner, seq: 1, set: [.bpm: 240])
        #expect(bench.room.playing.beat.segments.count == 1)
        #expect(bench.room.playing.beat.segments.first?.bpm != 240, "not on disk yet")
        try bench.commit()
        let beat = bench.room.playing.beat
        #expect(beat.segments.map(\.bpm) == [240])
        #expect(beat.parts(atMs: bench.wallMs) == before)
        _ = bench.edit(owner, seq: 2, set: ["/flavor": "Merengue"])
        try bench.commit()
        #expect(bench.room.playing.beat.segments.map(\.flavor) == [.salsa, .merengue])
        bench.pass(.milliseconds(100))
        let events = bench.events(to: owner.member).filter { $0.kind == .playing }
        #expect(events.last?.data == bench.room.playing.json)
    }

    @Test func `playing.md#leading, locks hold others off, and end after the grace`() throws {
        let bench = try TestRoom()
        let owner = try bench.join()
        let editor = try bench.join(Fixture.person(.editor, Identifier(high: 1, low: 2)))
        let viewer = try bench.join(Fixture.person(.viewer, Identifier(high: 1, low: 3)))
        let guest = try bench.join(Fixture.person(.guest))
        func bpm(_ joined: JoinResult, _ seq: Int64) throws -> ErrorName? {
            _ = bench.edit(joined, seq: seq, set: [.bpm: .integer(100 + seq)])
            try bench.commit()
            bench.pass(.milliseconds(100))
            return bench.settlements(to: joined.member).flatMap(\.refused)
                .first { $0.seq == seq }?.error.name
        }
        #expect(
            refusal { () throws(WireError) in try lead(bench, editor.member, locks: [.tempo]) }
                == .forbidden)
        #expect(
            refusal { () throws(WireError) in
                try lead(bench, owner.member, to: guest.member)
            } == .notFound)
        try lead(bench, owner.member, to: viewer.member, locks: [.tempo, .start])
        #expect(try bpm(editor, 1) == .locked)
        #expect(try bpm(owner, 1) == .locked, "the owner gave it away")
        _ = bench.edit(editor, seq: 2, set: ["/title": "Free"])
        try bench.commit()
        #expect(refusal { () throws(WireError) in try play(bench, editor.member) } == .locked)
        try play(bench, viewer.member)
        try play(bench, editor.member, nil, solo: [.clave])
        try lead(bench, viewer.member, locks: [.solo])
        #expect(
            refusal { () throws(WireError) in
                try play(bench, editor.member, nil, solo: [])
            } == .locked)
        #expect(try bpm(editor, 3) == nil)
        try bench.commit(isFinal: true)
        bench.room.leave(viewer.member, now: bench.now)
        bench.pass(.seconds(Limits.leadGraceSeconds - 2))
        #expect(bench.room.playing.lead?.member == nil)
        let back = try bench.join(Fixture.person(.viewer, Identifier(high: 1, low: 3)))
        bench.pass(.seconds(5))
        #expect(bench.room.playing.lead?.member == back.member)
        #expect(bench.room.playing.lead?.locks == [.solo])
        try bench.commit(isFinal: true)
        bench.room.leave(back.member, now: bench.now)
        bench.pass(.seconds(Limits.leadGraceSeconds + 1))
        #expect(bench.room.playing.lead == nil)
        let last = bench.events(to: editor.member).last { $0.kind == .playing }
        #expect(last.flatMap { RoomPlaying(json: $0.data) }?.lead == nil)
        // The owner takes it, and ends it.
        try lead(bench, owner.member, locks: [.start])
        #expect(bench.room.playing.lead?.member == owner.member)
        try lead(bench, owner.member, isEnd: true)
        #expect(bench.room.playing.lead == nil)
    }

    @Test func `wire.md#events, who read slowly finds how it stands`() throws {
        let bench = try TestRoom()
        let owner = try bench.join()
        let guest = try bench.join(Fixture.person(.guest))
        bench.room.fallBehind(guest.member)
        try play(bench, owner.member)
        bench.pass(.seconds(1))
        #expect(!bench.events(to: guest.member).contains { $0.kind == .playing })
        bench.room.catchUp(guest.member)
        bench.collect()
        #expect(bench.events(to: guest.member).contains { $0.kind == .playing })
    }
}
