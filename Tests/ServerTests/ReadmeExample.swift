// README: begin
import Client

func raiseTempo(server: String, pattern: String) async throws -> Int? {
    let client = try SalsaClient(url: server)
    try await client.signIn(email: "demo@salsabeatmachine.org", password: "demo123")
    let room = try await client.join(pattern)

    // Shown at once; sent when the server can be reached; resent after a lost connection.
    let edit = room.edit(Edit(set: "/machines/Salsa/bpm", to: 190))

    // Returns when the edit is on the server's disk. Throws when it was refused: which field, what
    // is allowed, and the value that stands.
    try await edit.settled()

    // The confirmed document with this client's pending edits laid over it.
    let tempo = await room.document?.machine?.bpm
    client.close()
    return tempo
}
// README: end

// README: begin second
func answerEverybody(client: SalsaClient) async throws {
    // Page by page; each call of the protocol has its verb, its value types and its errors.
    for try await pattern in client.patterns.list() where pattern.commentCount > 0 {
        for try await word in client.patterns.comments(pattern.id) where word.replyCount == 0 {
            // Done once, also when the connection is lost on the way.
            try await client.patterns.comment(pattern.id, "¡Gracias!", answering: word.id)
        }
    }
}
// README: end second
