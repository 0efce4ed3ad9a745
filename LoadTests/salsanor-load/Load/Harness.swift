import Client
import Glibc
import Model
import Transport

/// What both scenarios need: a server, one sign-in, rooms, a run on a loop.
final class Harness: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let client: SalsaClient
    let loop: ClientLoop
    let endpoint: Endpoint
    let token: String

    /// Signs in once: a password check is expensive, and every editor can use the token.
    init(url: String, email: String, password: String) async throws {
        loop = try ClientLoop(label: "salsanor-load")
        client = try SalsaClient(url: url, loop: loop)
        endpoint = try Endpoint(url: url)
        token = try await client.signIn(email: email, password: password).token
    }

    func makeRooms(_ count: Int) async throws -> [Identifier] {
        var rooms: [Identifier] = []
        for index in 0..<count {
            let pattern = try await client.patterns.create(title: "Load \(index + 1)")
            guard let id = Identifier(pattern.id) else {
                throw Failure(description: "the new pattern's id is no UUID")
            }
            rooms.append(id)
        }
        return rooms
    }

    func run(_ plan: LoadRun.Plan) async -> LoopDriver.Token {
        let loop = loop
        return await loop.perform { driver in
            LoadRun(plan, on: driver, loop: loop, now: EventLoop.now).token
        }
    }

    func with<Value: Sendable>(
        _ run: LoopDriver.Token, _ body: @escaping @Sendable (LoadRun) -> Value
    ) async throws -> Value {
        let value = await loop.perform { ($0.member(run) as? LoadRun).map(body) }
        guard let value else { throw Failure(description: "the run is over") }
        return value
    }

    /// The first look for which `condition` holds, or nil after `bound`.
    func wait(
        _ run: LoopDriver.Token, bound: Duration,
        until condition: (LoadRun.Snapshot) -> Bool
    ) async throws -> LoadRun.Snapshot? {
        try await Watch.until(bound: bound) {
            let snapshot = try await with(run) { $0.snapshot }
            return condition(snapshot) ? snapshot : nil
        }
    }

    /// Compares every room's members with one another and with what the server says.
    func judge(
        _ run: LoopDriver.Token, _ plan: LoadRun.Plan, _ verdict: inout Verdict
    ) async throws {
        let ends = try await with(run) { $0.roomEnds }
        var unequal = 0
        var miscounted = 0
        var behind = 0
        for (room, end) in zip(plan.rooms, ends) {
            let pattern = try await client.patterns.get("\(room)")
            let document = pattern.json.documentOfPattern
            if end.documents.contains(where: { $0 != document.canonical() })
                || end.shown.contains(where: { document.int(at: $0.key) != $0.value })
            {
                unequal += 1
            }
            if pattern.number != end.accepted { miscounted += 1 }
            behind += end.behind + (pattern.number == end.head ? 0 : 1)
        }
        verdict.require(unequal == 0, "\(unequal) rooms whose replicas differ")
        verdict.require(
            miscounted == 0,
            "\(miscounted) rooms whose history is not as long as their accepted edits")
        verdict.require(behind == 0, "\(behind) members that did not get everything")
    }

    /// As many sockets as the system lets this process have.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        // SAFETY: reads and writes one struct that lives through the calls.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension JSON {
    /// The whole number at a JSON pointer without escapes.
    func int(at pointer: String) -> Int64? {
        var value: JSON? = self
        for part in pointer.split(separator: "/") { value = value?[String(part)] }
        return value?.int
    }
}
