import Synchronization
import TestSupport
import Testing
import Transport

@testable import Client

/// How long a test waits for an event before it fails; far more than any needs.
let patience: Duration = .seconds(20)

/// Asks until the answer is yes, with a bound.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = EventLoop.now + patience
    while try await !condition() {
        guard EventLoop.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// A fake server, and a client of its own loop that has signed in and joined the room.
struct Stage {
    let server: FakeServer
    let client: SalsaClient
    let room: LiveRoom

    static func open() async throws -> Stage {
        let server = try FakeServer()
        try await server.start()
        let client = try SalsaClient(url: server.url, loop: try ClientLoop())
        try await client.signIn(email: "ana@example.org", password: FakeServer.password)
        let room = try await client.join("\(Fixture.room)")
        return Stage(server: server, client: client, room: room)
    }

    func close() async {
        client.close()
        await server.stop()
    }
}

let bpm = "/machines/Salsa/bpm"
