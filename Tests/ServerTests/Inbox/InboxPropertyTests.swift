import Client
import Model
import Replica
import Social
import Storage
import TestSupport
import Testing
import Transport
import Wire

@testable import Server

/// Whatever people do, and whatever breaks: every device ends with the same inbox, its count is
/// exact, and each event came to each device once. `Protocol/notifications.md#inbox`
@Suite(.serialized) struct InboxPropertyTests {
    private static let people = 4
    private static let patterns = 2

    @Test func `Random acts, devices that come and go, and restarts: all devices end the same`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await run(seed: seed)
    }

    private func run(seed: UInt64) async throws {
        let house = try await SocialHouse(
            people: Self.people, patterns: Self.patterns, shards: 2)
        var devices: [InboxDevice] = []
        for person in [0, 0, 0, 1, 1, 2] {
            devices.append(try await InboxDevice(of: person, in: house, seed: seed))
        }
        let acts = Acts(house, devices)
        var random = SplitMix64(seed: seed)
        for round in 0..<3 {
            let seeds = (0..<Self.people).map { _ in random.next() }
            try await withThrowingTaskGroup { group in
                for (person, seed) in seeds.enumerated() {
                    group.addTask { await acts.act(as: person, seed: seed, count: 60) }
                }
                let seed = random.next()
                group.addTask { await acts.disturb(seed: seed, count: 20) }
                // Meanwhile.
                if round < 2 { try await house.restart() }
                try await group.waitForAll()
            }
        }
        devices.append(try await InboxDevice(of: 0, in: house, seed: seed))
        for device in devices { try await check(device, house, seed: seed) }
        for device in devices { device.client.close() }
        try await house.stop { try Self.checkRows($0, seed: seed) }
    }

    /// The device has what a list has, and the events that led there, each once.
    private func check(
        _ device: InboxDevice, _ house: SocialHouse, seed: UInt64
    ) async throws {
        var listed: [JSON] = []
        var page = try await house.call(device.person, .inboxList, ["limit": 7])
        let head = try #require(page["number"]?.int)
        let unread = try #require(page["unread"]?.int)
        while true {
            listed += page["notices"]?.array ?? []
            guard let next = page["next"] else { break }
            page = try await house.call(device.person, .inboxList, ["limit": 7, "cursor": next])
        }
        let inbox = device.client.inbox
        try await eventually("the device has all of it, seed \(seed)") {
            guard let state = await inbox.state, state.number == head else { return false }
            if state.hasMore { inbox.loadMore() }
            return !state.hasMore
        }
        let state = try #require(await inbox.state)
        let shown = state.notices.map { notice in
            "\(notice.number) \(notice.kind) \(notice.actorID ?? "-") \(notice.isRead)"
        }
        let expected = listed.map { notice in
            let (number, kind) = (notice["number"]?.int ?? 0, notice["kind"]?.string ?? "")
            let actor = notice["actor"]?["id"]?.string ?? "-"
            return "\(number) \(kind) \(actor) \(notice["isRead"]?.bool ?? false)"
        }
        #expect(shown == expected, "seed \(seed)")
        #expect(state.unread == unread, "seed \(seed)")
        let log = device.log.withLock(\.self)
        print("person \(device.person): \(head) events, \(log.openings) openings")
        #expect(log.openings > 1 || log.numbers.isEmpty, "seed \(seed): nothing was broken off")
        #expect(log.unrecovered == 1, "seed \(seed): listed again without need")
        #expect(log.numbers == Array((log.start + 1)..<(head + 1)), "seed \(seed)")
    }

    /// The count is a recount, and every notice tells of what stands.
    private static func checkRows(_ connection: any Connection, seed: UInt64) throws {
        let inboxes = InboxStore(connection)
        for person in 0..<people {
            let user = SocialHouse.user(person)
            let head = try inboxes.head(of: user)
            #expect(try inboxes.recount(of: user) == head.unread, "seed \(seed)")
            let events = try inboxes.events(of: user, after: head.floor, limit: 100_000)
            #expect(events.map(\.number) == Array((head.floor + 1)..<(head.number + 1)))
            var standing: Set<String> = []
            for notice in try inboxes.notices(of: user, below: .max, limit: 10_000) {
                let actor = try #require(notice.actor?.id)
                #expect(actor != user)
                #expect(try !BlockStore(connection).isBetween(user, actor), "seed \(seed)")
                if let pattern = notice.pattern {
                    #expect(try connection.mayHear(of: pattern, user), "seed \(seed)")
                }
                switch notice.kind {
                case .like:
                    let pattern = try #require(notice.pattern)
                    #expect(try LikeStore(connection).isLiked(pattern, by: actor))
                    #expect(standing.insert("like \(actor) \(pattern)").inserted, "seed \(seed)")
                case .follow:
                    #expect(try FollowStore(connection).isFollowing(user, by: actor))
                    #expect(standing.insert("follow \(actor)").inserted, "seed \(seed)")
                default: #expect(notice.text != nil, "seed \(seed): a deleted comment")
                }
            }
        }
    }
}

/// One device, with a log of what its stream brought.
private final class InboxDevice: Sendable {
    struct Log: Sendable {
        var start: Int64 = 0
        var openings = 0
        var unrecovered = 0
        /// Of the events that were passed on.
        var numbers: [Int64] = []
    }

    let person: Int
    let client: SalsaClient
    let log = Shared(Log())

    init(of person: Int, in house: SocialHouse, seed: UInt64) async throws {
        self.person = person
        client = try SalsaClient(url: house.url)
        let log = log
        client.onCore { core in
            var random = SplitMix64(seed: seed)
            core.onStream = { [weak core] name, news, now in
                guard name == .inbox else { return }
                switch news {
                case .opened(let opening):
                    log.withLock {
                        $0.openings += 1
                        if opening.recovered { return }
                        $0.unrecovered += 1
                        $0.start = opening.cursor.number
                        $0.numbers = []
                    }
                case .event(let event):
                    log.withLock { $0.numbers.append(event.span?.through ?? 0) }
                    // Also in the middle of a replay, when many come in one turn.
                    if random.next() % 40 == 0 { core?.breakOff(now: now) }
                case .ended: break
                }
            }
        }
        _ = client.inbox
        try await client.open(token: SocialHouse.token(person))
        let inbox = client.inbox
        try await eventually("a list") { await inbox.state != nil }
    }
}

/// What people and networks do, at random.
private struct Acts: Sendable {
    let clients: [SalsaClient]
    let devices: [SalsaClient]
    let comments = Shared<[String]>([])

    init(_ house: SocialHouse, _ devices: [InboxDevice]) {
        clients = house.clients
        self.devices = devices.map(\.client)
    }

    func act(as person: Int, seed: UInt64, count: Int) async {
        var random = SplitMix64(seed: seed)
        for _ in 0..<count {
            let other = Int.random(in: 0..<clients.count, using: &random)
            let pattern = Int.random(in: 0..<2, using: &random)
            let number = Int64.random(in: 1...60, using: &random)
            let known = comments.withLock { $0 }.randomElement(using: &random)
            switch Int.random(in: 0..<24, using: &random) {
            case 0...4: await call(person, .patternLike, .pattern(pattern))
            case 5...7: await call(person, .patternUnlike, .pattern(pattern))
            case 8...11:
                await comment(person, pattern, known, isReply: Bool.random(using: &random))
            case 12, 13:
                if let known { await call(person, .commentDelete, ["comment": .string(known)]) }
            case 14, 15: await call(person, .userFollow, .user(other))
            case 16: await call(person, .userUnfollow, .user(other))
            case 17:
                if number < 20 { await call(person, .userBlock, .user(other)) }
            case 18:
                for one in 0..<clients.count { await call(person, .userUnblock, .user(one)) }
            case 19: await call(person, .inboxMarkRead, ["through": .integer(number / 4)])
            case 20, 21:
                await call(
                    person, .inboxMarkRead, ["numbers": [.integer(number), .integer(number + 1)]])
            case 22: await call(0, .patternUnpublish, .pattern(1))
            default: await call(0, .patternPublish, .pattern(1))
            }
        }
    }

    /// Sockets break off.
    func disturb(seed: UInt64, count: Int) async {
        var random = SplitMix64(seed: seed)
        for _ in 0..<count {
            guard let device = devices.randomElement(using: &random) else { return }
            device.onCore { $0.breakOff(now: EventLoop.now) }
            // Between two, somebody acts: an answer has gone through the journal.
            await call(3, .inboxMarkRead, ["through": 0])
        }
    }

    private func comment(_ person: Int, _ pattern: Int, _ known: String?, isReply: Bool) async {
        var params: JSON.Object = .pattern(pattern)
        params["text"] = "¿Cómo va, @Ana 0 y @Ana 2?"
        if isReply, let known { params["parent"] = .string(known) }
        if let made = await call(person, .commentCreate, params)?["comment"]?["id"]?.string {
            comments.withLock { $0.append(made) }
        }
    }

    /// What is not allowed now is refused, and changes nothing.
    @discardableResult
    private func call(
        _ person: Int, _ method: Wire.Method, _ params: JSON.Object
    ) async -> JSON.Object? {
        try? await SocialHouse.call(clients[person], method, params)
    }
}
