import ArgumentParser
import Client
import Model
import Storage
import Transport

/// `salsanor-load inbox`: kills the server while inboxes fill.
struct Inbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Likes on popular patterns, devices that come and go, and kill -9.",
        discussion: """
            People like patterns and take it back; a call that was not answered is made again as \
            the same operation. Every owner has some devices that follow the inbox, mark notices \
            read, and lose their sockets now and then, also in the middle of a replay. The server \
            is killed meanwhile, and started again on the same data. Then all rest, and the books \
            are compared: each acknowledged act was told to each device once, in the order of the \
            numbers and without a gap; every device shows what is on the disk; and every unread \
            count is a recount.
            """)

    @Option(help: "How often the server is killed.")
    var kills = 20

    @Option(help: "Devices of each owner.")
    var devices = 4

    @Option(help: "Length of the load, restarts not counted.")
    var seconds = 30

    @Option(help: "Likes and unlikes per second, of all people together.")
    var rate = 400.0

    @Option(help: "People who like.")
    var people = 120

    @Option(help: "Seed of the random moments; one is chosen and printed if it is left out.")
    var seed: UInt64?

    @Option(help: "Event loops of the server.")
    var shards: Int?

    /// Each likes all of them before taking anything back.
    private static let patternsPerOwner = 8
    private static let bound: Duration = .seconds(60)

    /// So many that what is told to one, marks included, is kept in whole until the end.
    private var owners: Int { max(4, Int(rate * Double(seconds) * 3) / Limits.inboxEventsMax) }

    func validate() throws {
        guard 0...1_000 ~= kills, 1...100 ~= devices, 1...3_600 ~= seconds, 1...2_000 ~= people,
            rate > 0, rate <= Double(people * Limits.writesPerSecondMax) / 2
        else {
            throw ValidationError(
                "--kills is 0 to 1000, --devices 1 to 100, --seconds 1 to 3600, --people 1 to "
                    + "2000, --rate up to \(Limits.writesPerSecondMax / 2) for each of them")
        }
    }

    func run() async throws {
        try await Scenario.run { try await killAndCompare() }
    }

    /// The devices and the likers, each on a loop of their own.
    private struct Crowd {
        let devices: Side<InboxDevice.Board>
        let likers: Side<Liker.Board>
    }

    private func killAndCompare() async throws -> Int32 {
        var killer = Killer(seed: seed)
        Output.line("inbox: seed \(killer.seed)")
        let folder = try Scenario.folder()
        let town = try LikerTown(
            path: "\(folder)/data", people: owners + people, owners: owners,
            patterns: owners * Self.patternsPerOwner)
        var server = try await start(folder)
        let crowd = try await makeCrowd(town, url: server.url)
        guard try await until({ await live(crowd) }) else {
            throw Harness.Failure(description: "not everybody is in")
        }
        let (ownBefore, began) = (ProcessUsage.of(), EventLoop.now)
        try await crowd.likers.look { $0.start(now: EventLoop.now) }
        // The kills come in the load's time, each at a moment of its own.
        let eachMs = seconds * 1_000 / max(1, kills)
        if kills == 0 { try await killer.pass(eachMs...eachMs) }
        var slowest: Duration = .zero
        for kill in stride(from: 1, through: kills, by: 1) {
            var restarted = EventLoop.now
            server = try await killer.kill(server, afterMs: eachMs / 4...eachMs * 7 / 4) { port in
                restarted = EventLoop.now
                return try await start(folder, port: port)
            }
            slowest = max(slowest, EventLoop.now - restarted)
            let acknowledged = try await crowd.likers.look(\.acknowledged)
            Output.progress("kill \(kill)/\(kills): \(acknowledged) acknowledged")
        }
        Output.endProgress()
        try await crowd.likers.look { $0.isRunning = false }
        var verdict = Verdict()
        let people = people
        let areIdle = try await until { try await crowd.likers.look { $0.idle == people } }
        verdict.require(areIdle, "some acts were never acknowledged")
        let areSettled = try await settle(crowd)
        verdict.require(areSettled, "some devices never had everything")
        if let ownBefore, let ownAfter = ProcessUsage.of() {
            verdict.ownUsage(
                cores: (ownAfter.cpuTime - ownBefore.cpuTime) / (EventLoop.now - began))
        }
        let steps = try await crowd.likers.look(\.steps)
        let (reports, broken) = try await crowd.devices.look { board in
            (board.reports, board.brokenReplays)
        }
        let failures = [
            try await crowd.likers.look(\.failure), try await crowd.devices.look(\.failure),
        ].compactMap(\.self)
        try await crowd.likers.look { $0.close() }
        try await crowd.devices.look { $0.close() }
        await server.stop()
        let judge = InboxJudge(inboxes: try inboxes(town, steps, reports, folder: folder))
        for failure in failures { verdict.require(false, failure) }
        judge.judge(&verdict)
        report(judge, verdict, killer.seed, slowest: slowest, brokenReplays: broken)
        return verdict.outcome.exitCode
    }

    private func start(_ folder: String, port: UInt16 = 0) async throws -> ServerProcess {
        try await ServerProcess.start(
            port: port, folder: folder, isFresh: false,
            extra: shards.map { ["--shards", "\($0)"] } ?? [])
    }

    private func makeCrowd(_ town: LikerTown, url: String) async throws -> Crowd {
        let endpoint = try Endpoint(url: url)
        let (owners, count) = (owners, devices)
        let pause = Duration.seconds(Double(people) / rate)
        let loop = try ClientLoop(label: "salsanor-load-devices")
        let devices = await Side(on: loop) { driver in
            let board = InboxDevice.Board()
            for number in 0..<owners * count {
                let owner = number % owners
                _ = InboxDevice(
                    board, owner: owner, number: number, token: town.tokens[owner], to: endpoint,
                    on: driver, loop: loop, now: EventLoop.now)
            }
            return board
        }
        let likerLoop = try ClientLoop(label: "salsanor-load-likers")
        let likers = await Side(on: likerLoop) { driver in
            let board = Liker.Board(pause: pause, mayBeLost: true)
            for (number, token) in town.tokens.dropFirst(owners).enumerated() {
                _ = Liker(
                    board, number: number, token: token, patterns: town.patterns, to: endpoint,
                    on: driver, loop: likerLoop, now: EventLoop.now)
            }
            return board
        }
        return Crowd(devices: devices, likers: likers)
    }

    private func live(_ crowd: Crowd) async -> Bool {
        let (people, count) = (people, owners * devices)
        let likers = try? await crowd.likers.look { $0.ready == people }
        let devices = try? await crowd.devices.look { $0.live == count }
        return likers == true && devices == true
    }

    /// Asks again and again, not so often that it is refused.
    private func settle(_ crowd: Crowd) async throws -> Bool {
        let count = owners * devices
        return try await Watch.until(bound: Self.bound, every: .milliseconds(250)) {
            try await crowd.devices.look { board in
                if board.settled == count { return true }
                board.settle()
                return nil
            }
        } ?? false
    }

    private func until(_ condition: () async throws -> Bool) async throws -> Bool {
        try await Watch.until(bound: Self.bound) { try await condition() ? true : nil } ?? false
    }

    // MARK: - The books

    private func inboxes(
        _ town: LikerTown, _ steps: [Int], _ reports: [(owner: Int, report: InboxJudge.Device)],
        folder: String
    ) throws -> [InboxJudge.Inbox] {
        var expected = Array(repeating: InboxJudge.Expected(), count: owners)
        let owner = Dictionary(
            uniqueKeysWithValues: town.patterns.enumerated().map { ($1, $0 % owners) })
        for (number, steps) in steps.enumerated() {
            let walk = LikerWalk(town.patterns, number: number)
            let actor = town.people[owners + number].description
            for step in 0..<steps {
                let (pattern, isLike) = walk.step(step)
                expected[owner[pattern] ?? 0].take(
                    InboxJudge.Like(actor: actor, pattern: pattern.description),
                    isLike: isLike, round: step / (2 * town.patterns.count))
            }
        }
        return try LikerTown.read(path: "\(folder)/data") { connection in
            let inboxes = InboxStore(connection)
            return try expected.enumerated().map { owner, expected in
                let user = town.people[owner]
                let head = try inboxes.head(of: user)
                let notices = try inboxes.notices(of: user, below: .max, limit: .max)
                return InboxJudge.Inbox(
                    expected: expected,
                    disk: InboxJudge.Disk(
                        number: head.number, unread: head.unread,
                        recount: try inboxes.recount(of: user),
                        entries: notices.map(InboxJudge.Entry.init)),
                    devices: reports.filter { $0.owner == owner }.map(\.report))
            }
        }
    }

    private func report(
        _ judge: InboxJudge, _ verdict: Verdict, _ seed: UInt64, slowest: Duration,
        brokenReplays: Int
    ) {
        let inboxes = judge.inboxes
        let acts = inboxes.reduce(0) { $0 + $1.expected.told + $1.expected.takenBack }
        let events = inboxes.reduce(0) { $0 + $1.disk.number }
        let devices = inboxes.flatMap(\.devices)
        let delivered = devices.reduce(0) { $0 + $1.book.applied }
        let openings = devices.reduce(0) { $0 + $1.book.openings }
        Output.line(
            """
            inbox: \(Machine.shape)
              \(kills) kills, \(people) people, \(owners) owners with \(self.devices) devices, \
            seed \(seed)
              acknowledged acts that are told  \(acts)
              events                           \(events), delivered \(delivered) times
              streams opened                   \(openings), \(brokenReplays) replays broken off
              lost, doubled                    \(judge.lost), \(judge.doubled)
              unread counts not a recount      \(judge.miscounted)
              slowest restart                  \((slowest / .milliseconds(1)).short) ms
              harness CPU                      \(verdict.ownCores.short) cores
            """)
        Output.line(
            verdict.line(
                "\(kills) kills, \(judge.lost) of \(delivered) events lost, \(judge.doubled) "
                    + "doubled, \(judge.miscounted) miscounted"))
    }
}

extension InboxJudge.Entry {
    fileprivate init(_ notice: NoticeRecord) {
        self.init(
            number: notice.number,
            like: InboxJudge.Like(
                actor: notice.actor?.id.description ?? "",
                pattern: notice.pattern?.description ?? ""), isRead: notice.isRead)
    }
}
