import TestSupport

@testable import Client

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
