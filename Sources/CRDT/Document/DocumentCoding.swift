package import Model

/// The raw state as JSON: room snapshots, log records, and full replicas on the wire.
/// `Protocol/merge.md#full-replicas`.
extension Document {
    package enum Unreadable: Error, Hashable {
        case shape(String)
    }

    /// Log numbers: there is always a next one, and each is exact as a JSON number.
    private static let numbers: ClosedRange<Int64> = 0...(1 << 53)

    package var json: JSON {
        var fieldObject = JSON.Object()
        for (path, register) in fields.sorted(by: { $0.key.description < $1.key.description }) {
            fieldObject[path.description] = .array([
                register.value.stored, .string(register.stamp.text),
                .string(register.dot.replica.text), .integer(register.dot.seq),
                .integer(register.number),
            ])
        }
        var instrumentObject = JSON.Object()
        for (path, presence) in instruments.sorted(by: {
            $0.key.description < $1.key.description
        }) {
            instrumentObject[path.description] = presence.json
        }
        return [
            "number": .integer(number), "fields": .object(fieldObject),
            "instruments": .object(instrumentObject),
        ]
    }

    package init(json: JSON, catalogue: Catalogue) throws(Unreadable) {
        guard let object = json.object, let number = object["number"]?.int,
            Self.numbers.contains(number), let fieldObject = object["fields"]?.object,
            let instrumentObject = object["instruments"]?.object
        else { throw .shape("a state") }
        self.init(number: number)
        for (key, value) in fieldObject.members {
            guard case .field(let path)? = try? DocumentPath(pointer: key),
                let parts = value.array, parts.count == 5,
                let value = FieldRule.rule(for: path, catalogue: catalogue).stored(parts[0]),
                let stamp = parts[1].string.flatMap(Hexadecimal.word),
                let replica = parts[2].string.flatMap(ReplicaID.init),
                let seq = parts[3].int, let number = parts[4].int
            else { throw .shape(key) }
            fields[path] = Register(
                value: value, stamp: Stamp(rawValue: stamp), dot: Dot(replica: replica, seq: seq),
                number: number)
        }
        for (key, value) in instrumentObject.members {
            guard case .instrument(let path)? = try? DocumentPath(pointer: key),
                let presence = Presence(json: value)
            else { throw .shape(key) }
            instruments[path] = presence
        }
    }
}

extension Presence {
    fileprivate var json: JSON {
        var object: JSON.Object = [
            "tags": .array(
                tags.map {
                    [.integer($0.number), .string($0.dot.replica.text), .integer($0.dot.seq)]
                }),
            "context": .array(
                context.ranges.map { [.integer($0.lowerBound), .integer($0.upperBound)] }),
            "since": .integer(since),
        ]
        if let removal {
            object["removed"] = [.integer(removal.number), .string(removal.replica.text)]
        }
        return .object(object)
    }

    fileprivate init?(json: JSON) {
        guard let object = json.object, let since = object["since"]?.int,
            let tagArrays = object["tags"]?.array, let rangeArrays = object["context"]?.array
        else { return nil }
        var tags: [Tag] = []
        for tag in tagArrays {
            guard let parts = tag.array, parts.count == 3, let number = parts[0].int,
                let replica = parts[1].string.flatMap(ReplicaID.init), let seq = parts[2].int
            else { return nil }
            tags.append(Tag(number: number, dot: Dot(replica: replica, seq: seq)))
        }
        var ranges: [ClosedRange<Int64>] = []
        for range in rangeArrays {
            guard let parts = range.array, parts.count == 2, let lower = parts[0].int,
                let upper = parts[1].int, 0 <= lower, lower <= upper, upper < .max
            else { return nil }
            ranges.append(lower...upper)
        }
        var removal: Removal?
        if let mark = object["removed"] {
            guard let parts = mark.array, parts.count == 2, let number = parts[0].int,
                let replica = parts[1].string.flatMap(ReplicaID.init)
            else { return nil }
            removal = Removal(number: number, replica: replica)
        }
        self.init(
            tags: tags, context: NumberSet(ranges: ranges), removal: removal, since: since)
    }
}
