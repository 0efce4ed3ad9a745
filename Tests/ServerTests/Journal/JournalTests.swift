import Model
import Storage
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Server

@Suite struct JournalTests {
    // MARK: - A disk that fails for a while

    @Test(.timeLimit(.minutes(1)))
    func `While the disk is full rooms hear of failure, operations too, and health says why`()
        async throws
    {
        let stage = try await Stage(rooms: 2)
        stage.database.fail(.diskFull)
        stage.journal.submit([stage.room(100, after: 0), stage.operation("first")])
        try await stage.heard(2)
        #expect(stage.health.complaint?.contains("diskFull") == true)
        #expect(stage.health.isReadOnly)

        stage.journal.submit([stage.operation("later"), stage.room(101, after: 0)])
        try await stage.heard(4)
        // Rooms are told by shard, operations one by one: each kind in its order.
        #expect(
            Set(stage.events.dropFirst()) == [
                .room(100, .failed), .operation("first", .unavailable),
                .operation("later", .unavailable), .room(101, .failed),
            ])
        #expect(stage.events.first == .readOnly(true))

        stage.database.fail(nil)
        try await eventually("the disk is tried again") { !stage.health.isReadOnly }
        #expect(stage.health.complaint == nil)
        stage.journal.submit([stage.room(100, after: 0), stage.operation("after")])
        try await stage.heard(6)
        #expect(stage.events.filter { $0 == .readOnly(true) }.count == 1)
        #expect(stage.events.filter { $0 == .readOnly(false) }.count == 1)
        #expect(
            Set(stage.events.suffix(2)) == [
                .room(100, .committed), .operation("after", .committed),
            ])
        #expect(try stage.house.head(100) == 1)
        // A full disk is no reason to distrust the connections.
        #expect(stage.database.reopens == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `One chain of probes backs off, however much is submitted meanwhile`() async throws {
        let stage = try await Stage(rooms: 1)
        stage.database.fail(.diskFull)
        var sent = 0
        while stage.database.attemptsWhileFailing.count < 5 {
            stage.journal.submit([stage.room(100, after: 0), stage.operation("\(sent)")])
            sent += 2
            try await stage.heard(sent)
        }
        let attempts = stage.database.attemptsWhileFailing
        let gaps = zip(attempts.dropFirst(), attempts).map { $0 - $1 }
        for (gap, least) in zip(gaps, [50, 100, 200, 400]) {
            #expect(gap >= .milliseconds(least), "\(gaps)")
        }
        stage.database.fail(nil)
        try await eventually("the disk is tried again") { !stage.health.isReadOnly }
    }

    @Test(.timeLimit(.minutes(1)))
    func `After an I/O failure the rooms of the batch read themselves again, the rest goes on`()
        async throws
    {
        let stage = try await Stage(rooms: 70)
        let gate = stage.holdJournal()
        stage.journal.submit((0..<70).map { stage.room(100 + $0, after: 0, shard: Int($0) % 2) })
        stage.database.fail(.io(code: 1034))
        gate.open()
        // The batch that held the gate was under way and is written.
        try await stage.heard(71)
        var outcomes: [UInt64: RoomCommitOutcome] = [:]
        for case .room(let room, let outcome) in stage.events { outcomes[room] = outcome }
        for room in UInt64(100)..<164 { #expect(outcomes[room] == .mustReload) }
        for room in UInt64(164)..<170 { #expect(outcomes[room] == .failed) }
        stage.database.fail(nil)
        try await eventually("the disk is tried again") { !stage.health.isReadOnly }
        #expect(stage.database.reopens == 1)
        stage.journal.submit([stage.room(100, after: 0)])
        try await stage.heard(72)
        #expect(stage.events.last == .room(100, .committed))
    }

    // MARK: - One item that does not fit

    @Test(.timeLimit(.minutes(1)))
    func `What the schema or a room refuses hurts that item only`() async throws {
        let stage = try await Stage(rooms: 3)
        let gate = stage.holdJournal()
        stage.journal.submit([
            stage.room(100, after: 0),
            stage.operation("taken e-mail") { try House.insertUser($0) },
            stage.room(101, after: 7),
            stage.operation("good") { connection in
                try PatternStore(connection).insert(House.pattern(500))
            },
            stage.operation("throws") { _ in throw CancellationError() },
            stage.room(102, after: 0),
        ])
        let before = stage.database.writes
        gate.open()
        try await stage.heard(7)
        #expect(stage.database.writes == before + 1)
        #expect(!stage.health.isReadOnly)
        #expect(
            Set(stage.events.dropFirst()) == [
                .room(100, .committed), .operation("taken e-mail", .refused),
                .room(101, .mustReload), .operation("good", .committed),
                .operation("throws", .refused), .room(102, .committed),
            ])
        #expect(try stage.house.head(100) == 1)
        #expect(try stage.house.head(101) == 0)
        #expect(try stage.house.head(102) == 1)
        let made = try stage.house.database.read { try PatternStore($0).find(House.id(500)) }
        #expect(made != nil)
    }

    // MARK: - Batches

    @Test(.timeLimit(.minutes(1)))
    func `A commit takes at most so many items, in the order they came`() async throws {
        let stage = try await Stage(rooms: 1)
        let gate = stage.holdJournal()
        let transactions = Shared<[Int]>([])
        let count = Limits.itemsPerCommitMax * 2 + 10
        let database = stage.database
        let entries = (0..<count).map { number in
            stage.operation("\(number)") { _ in
                transactions.withLock { $0.append(database.writes) }
            }
        }
        stage.journal.submit(entries)
        gate.open()
        try await stage.heard(count + 1)
        let sizes = Dictionary(grouping: transactions.withLock { $0 }, by: \.self)
            .sorted { $0.key < $1.key }.map(\.value.count)
        #expect(sizes == [Limits.itemsPerCommitMax, Limits.itemsPerCommitMax, 10])
        #expect(
            stage.events.dropFirst()
                == (0..<count).map { .operation("\($0)", .committed) }[...])
    }

    @Test(.timeLimit(.minutes(1)))
    func `A commit takes at most so many edits, and one that is larger alone`() async throws {
        let stage = try await Stage(rooms: 6)
        let gate = stage.holdJournal()
        let most = Limits.editsPerCommitMax
        let edits = [most / 2, most / 2, 1, most + 50, 1, most]
        stage.journal.submit(
            edits.enumerated().map { stage.room(100 + UInt64($0), after: 0, edits: $1) })
        gate.open()
        try await stage.heard(7)
        #expect(stage.batches == [[100, 101], [102], [103], [104], [105]])
    }

    // MARK: - Any thread

    @Test(.timeLimit(.minutes(2)))
    func `Submitting races with the end of draining, and everything is answered once`()
        async throws
    {
        let stage = try await Stage(rooms: 1)
        let journal = stage.journal
        let counts = Shared<[Int: Int]>([:])
        let ran = Shared(Set<Int>())
        let tasks = 6
        let each = 60
        await withTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    for step in 0..<each {
                        let number = task * each + step
                        await withCheckedContinuation { continuation in
                            journal.perform { _ in
                                ran.withLock { _ = $0.insert(number) }
                            } completion: { result in
                                counts.withLock { $0[number, default: 0] += 1 }
                                if case .failure = result { Issue.record("\(number): \(result)") }
                                continuation.resume()
                            }
                        }
                    }
                }
                group.addTask {
                    // Nobody waits for these: they meet the journal at any moment.
                    for step in 0..<each {
                        let number = (tasks + task) * each + step
                        journal.perform { _ in
                            ran.withLock { _ = $0.insert(number) }
                        } completion: { _ in
                            counts.withLock { $0[number, default: 0] += 1 }
                        }
                        await Task.yield()
                    }
                }
            }
        }
        try await eventually("all are answered") {
            counts.withLock { $0.count } == 2 * tasks * each
        }
        #expect(counts.withLock { $0.values.allSatisfy { $0 == 1 } })
        #expect(ran.withLock { $0.count } == 2 * tasks * each)
    }

    @Test(.timeLimit(.minutes(1)))
    func `More operations than may wait are told so at once`() async throws {
        let stage = try await Stage(rooms: 1)
        let gate = stage.holdJournal()
        let entries = (0..<Journal.operationsMax + 5).map { stage.operation("\($0)") }
        stage.journal.submit(entries)
        #expect(
            stage.events
                == (Journal.operationsMax..<Journal.operationsMax + 5)
                .map { .operation("\($0)", .busy) })
        gate.open()
        try await stage.heard(Journal.operationsMax + 6)
        #expect(stage.events.filter { $0.isCommitted }.count == Journal.operationsMax + 1)
    }
}

extension JournalTests {
    enum OperationOutcome: Hashable { case committed, unavailable, busy, refused }

    enum Event: Hashable {
        case room(UInt64, RoomCommitOutcome)
        case operation(String, OperationOutcome)
        case readOnly(Bool)

        var isCommitted: Bool {
            switch self {
            case .room(_, .committed), .operation(_, .committed): true
            default: false
            }
        }
    }

    /// A journal over a disk that fails on demand, and all that it said.
    final class Stage: Sendable {
        private struct Heard {
            var events: [Event] = []
            var batches: [[UInt64]] = []
        }

        let house: House
        let database: FailingDatabase
        let health = Health()
        let journal: Journal
        private let said = Mutex(Heard())

        init(rooms: UInt64) async throws {
            house = try House(rooms: rooms)
            database = FailingDatabase(house.database)
            health.setStarted()
            journal = Journal(
                writer: JournalWriter(database: database, incarnation: house.directory),
                health: health, addedSyncDelay: .zero, log: .silent)
            await journal.start { [weak self] report in self?.hear(report) }
        }

        private func hear(_ report: Journal.Report) {
            said.withLock { said in
                switch report {
                case .readOnly(let isReadOnly): said.events.append(.readOnly(isReadOnly))
                case .outcomes(let outcomes, _):
                    let rooms = outcomes.map { $0.room.low & 0xFFFF }
                    said.batches.append(rooms)
                    for (room, outcome) in zip(rooms, outcomes) {
                        said.events.append(.room(room, outcome.outcome))
                    }
                }
            }
        }

        var events: [Event] { said.withLock { $0.events } }
        /// Rooms that were told together.
        var batches: [[UInt64]] { said.withLock { $0.batches } }

        /// Waits for so many answers.
        func heard(_ count: Int) async throws {
            try await eventually("\(count) answers") {
                said.withLock { said in
                    said.events.filter { if case .readOnly = $0 { false } else { true } }.count
                } >= count
            }
        }

        func room(
            _ room: UInt64, after number: Int64, edits: Int = 1, shard: Int = 0
        ) -> JournalEntry {
            .room(house.commit(room, after: number), edits: edits, shard: shard)
        }

        func operation(
            _ name: String,
            _ work: @escaping @Sendable (any Connection) throws -> Void = { _ in }
        ) -> JournalEntry {
            .operation(work) { [weak self] result in
                let outcome: OperationOutcome =
                    switch result {
                    case .success: .committed
                    case .failure(.unavailable): .unavailable
                    case .failure(.busy): .busy
                    case .failure(.refused): .refused
                    }
                self?.said.withLock { $0.events.append(.operation(name, outcome)) }
            }
        }

        /// Keeps the journal in a transaction until the gate opens, so that a batch can gather. It
        /// is answered as the first event.
        func holdJournal() -> Gate {
            let gate = Gate()
            let entered = Gate()
            journal.submit([
                operation("gate") { _ in
                    entered.open()
                    gate.pass()
                }
            ])
            entered.pass()
            return gate
        }
    }
}
