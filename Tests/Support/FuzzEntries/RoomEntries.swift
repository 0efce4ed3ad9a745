import CRDT
import Model
import Rooms
import TestSupport
import Wire

/// Edits of strangers, and what is stored of them.
enum RoomEntries {
    /// Each line is the params of `room.edit`; room, replica and `seq` are filled in where the
    /// line does not say, so that most inputs come past the door.
    static func edit(_ bytes: [UInt8]) throws(FuzzFailure) {
        do {
            let bench = try TestRoom()
            let author = try bench.join()
            guard let replica = author.replica?.id else {
                throw FuzzFailure(description: "an owner gets a replica")
            }
            var seq: Int64 = 1
            for line in FuzzInput(bytes).lines {
                guard var params = (try? JSON.parse(line))?.object else { continue }
                params["room"] = .string(Fixture.room.description)
                if params["replica"] == nil { params["replica"] = .string(replica.text) }
                if params["seq"] == nil { params["seq"] = .integer(seq) }
                let request: EditRequest
                do throws(WireError) {
                    request = try EditRequest(params)
                } catch {
                    try JSONEntries.check(.failure(.null, error))
                    continue
                }
                _ = bench.send(request, from: author, call: seq)
                if request.seq == seq { seq += 1 }
                bench.pass(.milliseconds(20))
            }
            try bench.commit(isFinal: true)
            bench.pass(.seconds(1))
            try check(bench, author)
        } catch let failure as FuzzFailure {
            throw failure
        } catch {
            throw FuzzFailure(description: "\(error)")
        }
    }

    /// What is on disk gives the same room, and the author was told what can be read.
    private static func check(_ bench: TestRoom, _ author: JoinResult) throws {
        let again = try TestRoom(disk: bench.disk)
        try FuzzFailure.check(
            again.room.committed == bench.room.committed, "the log gives the same state")
        for mail in bench.takeMail(of: author.member) {
            try FuzzFailure.check(ServerMessage.read(mail) != nil, "what is sent can be read")
        }
        try checkStored(bench.room.committed)
    }

    static func logRecord(_ bytes: [UInt8]) throws(FuzzFailure) {
        if let records = try? LogRecord.read(bytes, catalogue: Fixture.catalogue) {
            var written: [UInt8] = []
            for record in records { record.write(to: &written) }
            let again = try? LogRecord.read(written, catalogue: Fixture.catalogue)
            try FuzzFailure.check(again == records, "a record is read back")
        }
        let head = FuzzInput(bytes).lines.count
        let history = history(
            number: Int64(head), snapshot: Fixture.document.json.serialised(), rows: [bytes])
        guard let document = try? history.document(catalogue: Fixture.catalogue) else { return }
        try checkStored(document)
    }

    static func document(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let json = try? JSON.parse(bytes, limits: .trusted),
            let document = try? Document(json: json, catalogue: Fixture.catalogue)
        else { return }
        try checkStored(document)
        let history = history(number: document.number, snapshot: bytes, rows: [])
        guard
            let room = try? Room(history: history, catalogue: Fixture.catalogue, now: .zero)
        else { return }
        try FuzzFailure.check(room.committed == document, "a snapshot gives its state")
        // The log goes on from any state.
        var next: [UInt8] = []
        LogRecord(
            number: document.number + 1, dot: Dot(replica: ReplicaID(rawValue: 1), seq: 1),
            stamp: .zero.successor, seenThrough: document.number,
            edit: Edit(adds: [Fixture.salsa(.cowbell)])
        ).write(to: &next)
        let longer = Self.history(number: document.number + 1, snapshot: bytes, rows: [next])
        guard let document = try? longer.document(catalogue: Fixture.catalogue) else {
            throw FuzzFailure(description: "a record follows a snapshot")
        }
        try checkStored(document)
    }

    private static func history(
        number: Int64, snapshot: [UInt8], rows: [[UInt8]]
    ) -> RoomHistory {
        RoomHistory(
            room: Fixture.room, epoch: Fixture.epoch, number: number, rowNumber: 0,
            snapshot: snapshot, rows: rows, replicas: [], verdicts: [])
    }

    /// Every state is written and read back, can be shown, and joins with itself.
    private static func checkStored(_ document: Document) throws(FuzzFailure) {
        let bytes = document.json.serialised()
        guard let json = try? JSON.parse(bytes, limits: .trusted),
            let again = try? Document(json: json, catalogue: Fixture.catalogue)
        else { throw FuzzFailure(description: "a state is read back") }
        try FuzzFailure.check(again == document, "a state is read back as it was")
        let view = document.view(catalogue: Fixture.catalogue)
        try FuzzFailure.check(
            (try? JSON.parse(view.serialised(), limits: .trusted)) == view, "a view is JSON")
        var joined = document
        joined.join(document)
        try FuzzFailure.check(
            joined.view(catalogue: Fixture.catalogue) == view, "a state joined with itself")
        _ = document.patch(since: 0, catalogue: Fixture.catalogue)
    }
}
