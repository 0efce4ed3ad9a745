import CRDT
import Logging
import Model
import Rooms
import Storage

/// After a crash, the rows of patterns may lag behind their rooms by a second: brings them up to
/// date before the server says that it is ready.
enum StaleRows {
    private static let batch: Int64 = 64

    /// A room that cannot be read stays as it is, and is logged: it must not keep the others shut.
    /// - Returns: how many rows were brought up to date.
    static func refresh(_ database: any Database, nowMs: Int64, log: Logger) throws -> Int {
        var count = 0
        var last = Identifier(high: 0, low: 0)
        while true {
            let after = last
            let rooms = try database.read {
                try RoomStore($0).stale(after: after, limit: batch)
            }
            guard let end = rooms.last else { return count }
            last = end
            for room in rooms {
                do {
                    if try database.write({ try refresh(room, $0, nowMs: nowMs) }) { count += 1 }
                } catch {
                    log.error("a pattern's row cannot be brought up to date: \(error)", room: room)
                }
            }
        }
    }

    private static func refresh(
        _ room: Identifier, _ connection: any Connection, nowMs: Int64
    ) throws -> Bool {
        guard case .room(let loaded) = try LoadedRoom.read(room, from: connection) else {
            return false
        }
        let document = try loaded.history().document(catalogue: .current)
        let row = CommitDraft.Row(of: document, catalogue: .current)
        try RoomStore(connection).showRow(
            room, epoch: loaded.record.epoch,
            update: PatternRowUpdate(
                number: row.number, content: PatternContent(row), updatedMs: nowMs))
        return true
    }
}
