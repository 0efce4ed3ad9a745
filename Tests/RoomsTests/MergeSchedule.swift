import CRDT
import Model
import Rooms
import TestSupport
import Wire

/// A random run of one room with a few writers: edits made on old views, delayed, sent twice,
/// committed in batches that sometimes fail, under a clock that jumps. The twin judges the same.
struct MergeSchedule {
    private struct Writer {
        let joined: JoinResult
        let id: ReplicaID
        /// The number that it has applied; it lags behind what it was sent.
        var applied: Int64 = 0
        var sent: Int64 = 0
        var waiting: [EditRequest] = []
        var delivered: [EditRequest] = []
        var nextSeq: Int64 = 1
        /// Up to here the room has judged it.
        var judged: Int64 = 0
    }

    private var random: SplitMix64
    private let bench: TestRoom
    private var twin: NaiveMerge
    private var writers: [Writer] = []
    private let stepCount: Int
    /// With the journal.
    private var draft: CommitDraft?
    private var trouble: String?

    /// What differs, or nil when room and twin agree from the first edit to the last.
    static func run(seed: UInt64, fault: NaiveMerge.Fault? = nil) throws -> String? {
        var schedule = try MergeSchedule(seed: seed, fault: fault)
        return try schedule.play()
    }

    private init(seed: UInt64, fault: NaiveMerge.Fault?) throws {
        random = SplitMix64(seed: seed)
        bench = try TestRoom()
        twin = NaiveMerge(initial: Fixture.document, fault: fault)
        for _ in 0..<Int.random(in: 2...4, using: &random) {
            let joined = try bench.join()
            guard let id = joined.replica?.id else { continue }
            writers.append(Writer(joined: joined, id: id))
        }
        stepCount = Int.random(in: 10...60, using: &random)
    }

    private mutating func play() throws -> String? {
        for _ in 0..<stepCount where trouble == nil { try step() }
        try finishCommit(isGood: true)
        for index in writers.indices {
            while !writers[index].waiting.isEmpty, trouble == nil { deliver(index) }
        }
        try bench.commit()
        return trouble ?? twin.difference(from: bench.room.committed) ?? replayDifference()
    }

    private mutating func step() throws {
        let index = Int.random(in: writers.indices, using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7: make(index)
        case 7..<12: deliver(index)
        case 12: resend(index)
        case 13..<15: try commit()
        case 15..<18: read(index)
        case 18: bench.pass(.milliseconds(Int64.random(in: 0...40, using: &random)))
        default:
            let jumps: [Int64] = [0, 1, 1, 2, 50, -50, Fixture.yearMs, -Fixture.yearMs]
            bench.wallMs += jumps.randomElement(using: &random) ?? 0
        }
    }

    /// An edit on what the writer has applied so far.
    private mutating func make(_ index: Int) {
        let instruments = [String.cowbell, .bass, "/machines/Salsa/instruments/clave"]
        var request = EditRequest(
            room: Fixture.room, replica: writers[index].id, seq: writers[index].nextSeq)
        writers[index].nextSeq += 1
        if Bool.random(using: &random) || Bool.random(using: &random) {
            // Some claim to have seen what they were not sent.
            let isLiar = Int.random(in: 0..<10, using: &random) == 0
            request.base = Cursor(
                epoch: Fixture.epoch,
                number: isLiar ? bench.room.committed.number : writers[index].applied)
        }
        let offsets: [Int64] = [0, -1, -1000, Fixture.yearMs, -Fixture.yearMs]
        if Int.random(in: 0..<3, using: &random) == 0 {
            request.claimedMs = bench.wallMs + (offsets.randomElement(using: &random) ?? 0)
        }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let instrument = instruments.randomElement(using: &random) ?? .cowbell
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<2 where !request.add.contains(instrument):
                request.remove.append(instrument)
            case 2 where !request.remove.contains(instrument): request.add.append(instrument)
            case 3: request.set[.bpm] = .integer(Int64.random(in: 80...250, using: &random))
            default:
                let hundredths = Int64.random(in: 0...100, using: &random)
                request.set[instrument + "/volume"] = JSON(Double(hundredths) / 100)
            }
        }
        writers[index].waiting.append(request)
    }

    private mutating func deliver(_ index: Int) {
        guard !writers[index].waiting.isEmpty else { return }
        let request = writers[index].waiting.removeFirst()
        writers[index].delivered.append(request)
        judge(request, index)
    }

    private mutating func resend(_ index: Int) {
        guard let request = writers[index].delivered.randomElement(using: &random) else { return }
        judge(request, index)
    }

    private mutating func judge(_ request: EditRequest, _ index: Int) {
        receive(index)
        let isRepeated = request.seq <= writers[index].judged
        let outcome = bench.send(request, from: writers[index].joined)
        switch outcome {
        case .gathered, .settled: break
        case .retry(let error), .refused(let error):
            trouble = "not taken: \(error)"
            return
        }
        writers[index].judged = max(writers[index].judged, request.seq)
        if isRepeated, twin.fault != .resendAppliedTwice { return }
        guard let edit = NaiveEdit.read(request) else { return }
        twin.accept(
            edit, dot: Dot(replica: request.replica, seq: request.seq),
            base: request.base?.number ?? 0, sent: writers[index].sent,
            claimedMs: request.claimedMs, wallMs: bench.wallMs)
    }

    /// Begins a commit, or ends the one that is on its way; one in five fails.
    private mutating func commit() throws {
        if draft == nil {
            draft = bench.beginCommit()
        } else {
            try finishCommit(isGood: Int.random(in: 0..<5, using: &random) > 0)
        }
    }

    private mutating func finishCommit(isGood: Bool) throws {
        guard let draft else { return }
        self.draft = nil
        if isGood {
            try bench.disk.write(draft)
            bench.room.commitSucceeded(at: bench.moment)
        } else {
            bench.room.commitFailed(at: bench.moment)
            twin.fallBack(to: bench.disk.number)
            // Everybody sends again what is not on disk.
            for index in writers.indices {
                let settled = bench.disk.replicas[writers[index].id]?.lastSeq ?? 0
                writers[index].judged = settled
                let lost = writers[index].delivered.filter { $0.seq > settled }
                writers[index].delivered.removeAll { $0.seq > settled }
                writers[index].waiting.insert(contentsOf: lost, at: 0)
            }
        }
        bench.collect()
    }

    /// Applies what has come so far.
    private mutating func read(_ index: Int) {
        receive(index)
        writers[index].applied = writers[index].sent
    }

    private mutating func receive(_ index: Int) {
        for event in bench.events(to: writers[index].joined.member) {
            if event.kind == .delta { writers[index].sent = event.span?.through ?? 0 }
        }
    }

    /// The log alone must bring back the same state.
    private func replayDifference() -> String? {
        guard let again = try? bench.disk.history().document(catalogue: Fixture.catalogue) else {
            return "the log is not readable"
        }
        return again == bench.room.committed ? nil : "the replayed log differs"
    }
}

/// The twin's own reading of an edit, for the few paths that the schedules use.
enum NaiveEdit {
    /// Nil when it contradicts itself.
    static func read(_ request: EditRequest) -> Edit? {
        var edit = Edit()
        edit.removes = request.remove.compactMap(instrument)
        edit.adds = request.add.compactMap(instrument)
        for (pointer, value) in request.set.members {
            if pointer == .bpm {
                let path = FieldPath.machine(.salsa, name: "bpm")
                edit.sets.append(.init(path: path, value: .integer(value.int ?? 0)))
            } else if let path = instrument(String(pointer.dropLast("/volume".count))) {
                let hundredths = Int64(((value.double ?? 0) * 100).rounded())
                if edit.removes.contains(path) { return nil }
                edit.sets.append(
                    .init(path: .instrument(path, name: "volume"), value: .hundredths(hundredths)))
            }
        }
        return edit
    }

    private static func instrument(_ pointer: String) -> InstrumentPath? {
        pointer.split(separator: "/").last.flatMap { InstrumentID(String($0)) }
            .map { Fixture.salsa($0) }
    }
}
