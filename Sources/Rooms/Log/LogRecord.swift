package import CRDT
package import Model
import Wire

/// One accepted edit as the log keeps it. Applied in order to the state before it, it gives the
/// same delta again, so this is all that recovery needs.
package struct LogRecord: Hashable, Sendable {
    package let number: Int64
    package let dot: Dot
    package let stamp: Stamp
    package let seenThrough: Int64
    package let edit: Edit

    package init(number: Int64, dot: Dot, stamp: Stamp, seenThrough: Int64, edit: Edit) {
        self.number = number
        self.dot = dot
        self.stamp = stamp
        self.seenThrough = seenThrough
        self.edit = edit
    }

    package var seen: Seen { Seen(replica: dot.replica, through: seenThrough) }

    package enum Unreadable: Error, Hashable {
        /// The line of the row that is no record, from 0.
        case line(Int)
    }

    /// One line of JSON. A log row is such lines, each ended by a line feed.
    package func write(to bytes: inout [UInt8]) {
        var writer = JSON.Writer()
        writer.beginObject()
        writer.key("n")
        writer.value(.integer(number))
        writer.key("r")
        writer.value(.string(dot.replica.text))
        writer.key("q")
        writer.value(.integer(dot.seq))
        writer.key("s")
        writer.value(.string(stamp.text))
        writer.key("b")
        writer.value(.integer(seenThrough))
        if !edit.removes.isEmpty {
            writer.key("remove")
            writer.value(.array(edit.removes.map { .string($0.description) }))
        }
        if !edit.adds.isEmpty {
            writer.key("add")
            writer.value(.array(edit.adds.map { .string($0.description) }))
        }
        if !edit.sets.isEmpty {
            writer.key("set")
            writer.beginObject()
            for assignment in edit.sets {
                writer.key(assignment.path.description)
                writer.value(assignment.value.stored)
            }
            writer.endObject()
        }
        writer.endObject()
        bytes += writer.bytes
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Reads the records of one log row.
    package static func read(
        _ row: [UInt8], catalogue: Catalogue
    ) throws(Unreadable) -> [LogRecord] {
        var records: [LogRecord] = []
        for (index, line) in row.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let json = try? JSON.parse(Array(line), limits: .trusted),
                let record = LogRecord(json: json, catalogue: catalogue)
            else { throw .line(index) }
            records.append(record)
        }
        return records
    }

    private init?(json: JSON, catalogue: Catalogue) {
        guard let object = json.object, let number = object["n"]?.int,
            let replica = object["r"]?.string.flatMap(ReplicaID.init), let seq = object["q"]?.int,
            let stamp = object["s"]?.string.flatMap(Hexadecimal.word),
            let seenThrough = object["b"]?.int
        else { return nil }
        var edit = Edit()
        for (key, keyPath) in [("remove", \Edit.removes), ("add", \Edit.adds)] {
            for pointer in object[key]?.array ?? [] {
                guard let text = pointer.string,
                    case .instrument(let path)? = try? DocumentPath(pointer: text)
                else { return nil }
                edit[keyPath: keyPath].append(path)
            }
        }
        for (pointer, value) in object["set"]?.object?.members ?? [] {
            guard case .field(let path)? = try? DocumentPath(pointer: pointer),
                let scalar = FieldRule.rule(for: path, catalogue: catalogue).stored(value)
            else { return nil }
            edit.sets.append(Edit.Assignment(path: path, value: scalar))
        }
        self.init(
            number: number, dot: Dot(replica: replica, seq: seq), stamp: Stamp(rawValue: stamp),
            seenThrough: seenThrough, edit: edit)
    }
}
