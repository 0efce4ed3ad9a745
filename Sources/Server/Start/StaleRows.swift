import CRDT
import Model
import Rooms
import Storage

/// After a crash, the rows of patterns may lag behind their rooms by a second: brings them up to
/// date before the server says that it is ready.
enum StaleRows {
    private static let batch: Int64 = 64

    /// - Returns: how many rows were behind.
    static func refresh(_ database: any Database, nowMs: Int64) throws -> Int {
        var count = 0
        while true {
            let rooms = try database.read { try RoomStore($0).stale(limit: batch) }
            if rooms.isEmpty { return count }
            try database.write { connection in
                for room in rooms { try refresh(room, connection, nowMs: nowMs) }
            }
            count += rooms.count
        }
    }

    private static func refresh(
        _ room: Identifier, _ connection: any Connection, nowMs: Int64
    ) throws {
        guard case .room(let loaded) = try LoadedRoom.read(room, from: connection) else { return }
        let document = try loaded.history().document(catalogue: .current)
        let row = CommitDraft.Row(of: document, catalogue: .current)
        try RoomStore(connection).showRow(
            room, epoch: loaded.record.epoch,
            update: PatternRowUpdate(
                number: row.number, content: PatternContent(row), updatedMs: nowMs))
    }
}
