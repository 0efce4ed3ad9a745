import Model
import Replica
import SourceFiles
import Testing
import Wire

@Suite("vectors of clients") struct PendingVectorTests {
    @Test("pending.json, undo.json: what a client shows and sends", arguments: ["pending", "undo"])
    func pending(name: String) throws {
        let file = try VectorFile(name)
        let room = try #require(Identifier(try file.json.text("room")))
        for (name, vector) in try file.cases() {
            var replica = PatternReplica(room: room)
            var now: Duration = .zero
            for (index, step) in try #require(vector["steps"]?.array).enumerated() {
                let place: Comment = "\(name), step \(index + 1)"
                now += .milliseconds(step["afterMs"]?.int ?? 0)
                try Self.perform(step, on: &replica, now: now, place)
                #expect(replica.shown == step["shown"], place)
                #expect(Int64(replica.pendingCount) == step["pending"]?.int, place)
                #expect(replica.needsJoin == (step["needsJoin"]?.bool ?? false), place)
                let mismatch = replica.takeMismatch()
                #expect(mismatch == nil, place)
            }
        }
    }

    private static func perform(
        _ step: JSON, on replica: inout PatternReplica, now: Duration, _ place: Comment
    ) throws {
        if let result = step["joined"] {
            replica.joined(try #require(JoinResult(json: result)))
        } else if let event = step["event"]?.object {
            replica.receive(try #require(Event(params: event)), now: now)
        } else if let edit = step["edit"] {
            let content = EditContent(
                set: edit["set"]?.object ?? [:],
                add: edit["add"]?.array?.compactMap(\.string) ?? [],
                remove: edit["remove"]?.array?.compactMap(\.string) ?? [])
            #expect(replica.edit(content, claimedMs: nil, now: now) != nil, place)
        } else if let expected = step["send"]?.array {
            let sent = replica.takeRequests(now: now).map { JSON.object($0.json) }
            #expect(sent == expected, place)
        } else if let expected = step["undo"] {
            #expect(replica.undo(claimedMs: nil).json == expected, place)
        } else if let expected = step["redo"] {
            #expect(replica.redo(claimedMs: nil).json == expected, place)
        } else if step["disconnected"] != nil {
            replica.disconnected()
        } else {
            Issue.record("a step of no known kind: \(place)")
        }
    }
}

extension PatternReplica.Reversal? {
    fileprivate var json: JSON {
        map {
            [
                "changed": .array($0.changed.map { .string($0) }),
                "skipped": .array($0.skipped.map { .string($0) }),
            ]
        } ?? .null
    }
}
