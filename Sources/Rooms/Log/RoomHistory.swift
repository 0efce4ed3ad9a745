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
    /// A state; a room has one from its first moment, of number 0.
    package let snapshot: [UInt8]
    /// The rows after the snapshot, in order.
    package let rows: [[UInt8]]
    package let replicas: [Replica]
    package let verdicts: [(replica: ReplicaID, verdict: Verdict)]
    /// The number that the entries of `Protocol/history.md` lead up to; nil without any.
    package let listedThrough: Int64?

    package init(
        room: Identifier, epoch: Int64, number: Int64, rowNumber: Int64, snapshot: [UInt8],
        rows: [[UInt8]], replicas: [Replica],
        verdicts: [(replica: ReplicaID, verdict: Verdict)], listedThrough: Int64? = nil
    ) {
        self.room = room
        self.epoch = epoch
        self.number = number
        self.rowNumber = rowNumber
        self.snapshot = snapshot
        self.rows = rows
        self.replicas = replicas
        self.verdicts = verdicts
        self.listedThrough = listedThrough
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

    /// The snapshot.
    func start(catalogue: Catalogue) throws(Unreadable) -> Document {
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
