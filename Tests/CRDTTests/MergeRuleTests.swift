import CRDT
import Model
import TestSupport
import Testing

/// merge.md#giving-the-stamp, merge.md#seen, merge.md#instruments.
@Suite struct MergeRuleTests {
    /// A room without people: edits go straight into the document.
    private final class Log {
        var document = Fixture.document
        var wallMs = Fixture.startMs
        var seqs: [UInt64: Int64] = [:]
        var stamps: [UInt64: Stamp] = [:]

        /// False when it is refused as absent.
        @discardableResult
        func edit(
            _ writer: UInt64, saw: Int64, claimedMs: Int64? = nil, _ edit: Edit
        ) -> Bool {
            let replica = ReplicaID(rawValue: writer)
            let seen = Seen(replica: replica, through: saw)
            guard document.absentInstrument(for: edit, seen: seen) == nil else { return false }
            let stamp = document.stamp(
                for: edit, seen: seen, claimedMs: claimedMs, wallClockMs: wallMs,
                last: stamps[writer] ?? .zero)
            stamps[writer] = stamp
            seqs[writer, default: 0] += 1
            document.append(
                document.delta(
                    for: edit, dot: Dot(replica: replica, seq: seqs[writer] ?? 0), stamp: stamp,
                    number: document.number + 1, seen: seen))
            return true
        }

        var bpm: Scalar? { document.fields[.machine(.salsa, name: "bpm")]?.value }
        var volume: Scalar? {
            document.fields[.instrument(Fixture.salsa(.cowbell), name: "volume")]?.value
        }
        var hasCowbell: Bool { document.isPresent(Fixture.salsa(.cowbell)) }
    }

    private static func bpm(_ value: Int64) -> Edit {
        Edit(sets: [.init(path: .machine(.salsa, name: "bpm"), value: .integer(value))])
    }

    private static func volume(_ value: Int64) -> Edit {
        let path = FieldPath.instrument(Fixture.salsa(.cowbell), name: "volume")
        return Edit(sets: [.init(path: path, value: .hundredths(value))])
    }

    private static let remove = Edit(removes: [Fixture.salsa(.cowbell)])
    private static let add = Edit(adds: [Fixture.salsa(.cowbell)])

    // MARK: - Clocks

    @Test func `A clock a year ahead beats only what was there, not what comes after`() {
        let log = Log()
        log.edit(1, saw: 0, Self.bpm(100))
        log.edit(2, saw: 0, claimedMs: log.wallMs + Fixture.yearMs, Self.bpm(110))
        #expect(log.bpm == .integer(110) || log.bpm == .integer(100))
        log.wallMs += 1
        // Not even seen: it simply arrives later.
        log.edit(1, saw: 0, Self.bpm(120))
        #expect(log.bpm == .integer(120))
        log.edit(3, saw: log.document.number, Self.bpm(130))
        #expect(log.bpm == .integer(130))
    }

    @Test func `A clock a year behind loses to concurrent edits only`() {
        let log = Log()
        log.edit(1, saw: 0, Self.bpm(100))
        log.wallMs += 10
        log.edit(2, saw: 0, claimedMs: log.wallMs - Fixture.yearMs, Self.bpm(110))
        #expect(log.bpm == .integer(100), "concurrent, and claimed to be older")
        log.edit(2, saw: 1, claimedMs: log.wallMs - Fixture.yearMs, Self.bpm(120))
        #expect(log.bpm == .integer(120), "made after seeing the value")
    }

    @Test func `An edit after seeing wins although the server's clock went back a year`() {
        let log = Log()
        log.edit(1, saw: 0, Self.bpm(100))
        log.wallMs -= Fixture.yearMs
        log.edit(2, saw: 0, Self.bpm(110))
        #expect(log.bpm == .integer(100))
        log.edit(2, saw: 1, Self.bpm(120))
        #expect(log.bpm == .integer(120))
        log.edit(1, saw: 3, Self.bpm(130))
        #expect(log.bpm == .integer(130))
    }

    @Test func `A writer's own pipelined edits follow one another under any clock`() {
        let log = Log()
        for step in Int64(0)..<20 {
            log.wallMs -= 1_000
            log.edit(1, saw: 0, claimedMs: log.wallMs - step, Self.bpm(100 + step))
            #expect(log.bpm == .integer(100 + step))
        }
    }

    @Test func `Stamps at the ends of time keep their order`() {
        #expect(Stamp(physicalMs: -1) == .zero)
        #expect(Stamp(physicalMs: .max).rawValue == 0xFFFF_FFFF_FFFF_0000)
        #expect(Stamp(rawValue: .max).successor == Stamp(rawValue: .max))
        #expect(Stamp(rawValue: 0xFFFF).successor > Stamp(rawValue: 0xFFFF))
    }

    // MARK: - Instruments

    @Test func `A removal takes away what its author saw, and an unseen edit keeps the instrument`()
    {
        let log = Log()
        log.edit(1, saw: 0, Self.volume(10))
        log.edit(2, saw: 0, Self.remove)
        #expect(log.hasCowbell, "the edit was not seen")
        log.edit(2, saw: 2, Self.remove)
        #expect(!log.hasCowbell)
    }

    @Test func `An edit that had not seen the removal brings the instrument back`() {
        let log = Log()
        log.edit(1, saw: 0, Self.remove)
        #expect(!log.hasCowbell)
        #expect(!log.edit(2, saw: 1, Self.volume(10)), "seen: absent")
        #expect(log.edit(2, saw: 0, Self.volume(20)), "not seen: concurrent")
        #expect(log.hasCowbell)
        #expect(log.volume == .hundredths(20))
    }

    @Test func `Adding again brings the values back`() {
        let log = Log()
        log.edit(1, saw: 0, Self.volume(33))
        log.edit(1, saw: 0, Self.remove)
        #expect(!log.hasCowbell)
        log.edit(2, saw: 2, Self.add)
        #expect(log.hasCowbell)
        #expect(log.volume == .hundredths(33))
    }

    @Test func `One's own pipelined edits count as seen`() {
        let log = Log()
        log.edit(1, saw: 0, Self.volume(10))
        log.edit(1, saw: 0, Self.remove)
        #expect(!log.hasCowbell, "one's own tag was seen")
        #expect(!log.edit(1, saw: 0, Self.volume(20)), "one's own removal was seen")
        #expect(log.edit(1, saw: 0, Self.add))
        #expect(log.edit(1, saw: 0, Self.volume(20)))
    }

    @Test func `Tags of one writer never pile up`() {
        let log = Log()
        for step in Int64(0)..<50 { log.edit(1, saw: 0, Self.volume(step)) }
        #expect(log.document.instruments[Fixture.salsa(.cowbell)]?.tags.count == 1)
        #expect(log.document.instruments[Fixture.salsa(.cowbell)]?.context.ranges.count == 1)
    }
}
