import Model
import Wire

/// Earlier versions. `Protocol/history.md`.
extension LiveRoom {
    /// Who changed what, the newest first; at most 100.
    public func history(limit: Int = 50) async throws(ClientError) -> [HistoryEntry] {
        let json = try await client.call(
            .historyList, ["pattern": .string(id), "limit": .integer(Int64(limit))])
        return (json["entries"]?.array ?? []).compactMap(HistoryEntry.init(json:))
    }

    /// The document as it was after an entry.
    public func document(at number: Int64) async throws(ClientError) -> PatternDocument {
        let json = try await client.call(
            .historyGet, ["pattern": .string(id), "number": .integer(number)])
        guard let document = json["document"] else { throw .unreadable("history.get") }
        return PatternDocument(json: document)
    }

    /// Makes the pattern as it was after an entry, for everybody, by one new edit.
    public func restore(number: Int64) async throws(ClientError) {
        _ = try await client.call(
            .historyRestore,
            [
                "pattern": .string(id), "number": .integer(number),
                "opId": .string(SalsaClient.newOperation()),
            ])
    }
}
