package import CRDT
package import Model
package import Wire

/// What is on disk of a room, as it is read back.
package struct RoomHistory: Sendable {
    package struct Replica: Sendable {
        package let id: ReplicaID
        package let user: Identifier
        package let lastSeq: Int64
        package let lastStamp: Stamp

        package init(id: ReplicaID, user: Identifier, lastSeq: Int64, lastStamp: Stamp) {
            self.id = id
            self.user = user
            self.lastSeq = lastSeq
            self.lastStamp = lastStamp
        }
    }

    package let room: Identifier
    package let epoch: Int64
    package let number: Int64
    /// The number that the pattern's row shows.
    package let rowNumber: Int64
    /// The state without any edit, from the pattern's row; used until there is a snapshot.
    package let initial: Document
    package let snapshot: [UInt8]?
    /// The rows after the snapshot, in order.
    package let rows: [[UInt8]]
    package let replicas: [Replica]
    package let verdicts: [(replica: ReplicaID, verdict: Verdict)]

    package init(
        room: Identifier, epoch: Int64, number: Int64, rowNumber: Int64, initial: Document,
        snapshot: [UInt8]?, rows: [[UInt8]], replicas: [Replica],
        verdicts: [(replica: ReplicaID, verdict: Verdict)]
    ) {
        self.room = room
        self.epoch = epoch
        self.number = number
        self.rowNumber = rowNumber
        self.initial = initial
        self.snapshot = snapshot
        self.rows = rows
        self.replicas = replicas
        self.verdicts = verdicts
    }

    package enum Unreadable: Error, Hashable {
        case snapshot
        case row(Int)
        /// The log does not go on where it should.
        case number(expected: Int64, found: Int64)
    }

    package func document(catalogue: Catalogue) throws(Unreadable) -> Document {
        try replay(over: start(catalogue: catalogue), catalogue: catalogue)
    }

    /// The snapshot, or the state before the first edit.
    func start(catalogue: Catalogue) throws(Unreadable) -> Document {
        guard let snapshot else { return initial }
        guard let json = try? JSON.parse(snapshot, limits: .trusted),
            let document = try? Document(json: json, catalogue: catalogue)
        else { throw .snapshot }
        return document
    }

    /// What the rows make of it.
    func replay(over start: Document, catalogue: Catalogue) throws(Unreadable) -> Document {
        var document = start
        for (index, row) in rows.enumerated() {
            guard let records = try? LogRecord.read(row, catalogue: catalogue) else {
                throw .row(index)
            }
            for record in records {
                guard record.number == document.number + 1 else {
                    throw .number(expected: document.number + 1, found: record.number)
                }
                document.append(
                    document.delta(
                        for: record.edit, dot: record.dot, stamp: record.stamp,
                        number: record.number, seen: record.seen))
            }
        }
        guard document.number == number else {
            throw .number(expected: number, found: document.number)
        }
        return document
    }
}
