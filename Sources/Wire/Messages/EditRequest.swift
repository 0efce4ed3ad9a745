package import Model

/// The params of `room.edit`: what an edit looks like before anybody judged it.
/// `Protocol/rooms.md#edits`.
package struct EditRequest: Hashable, Sendable {
    /// What a `seq` can be; 0 is before the first. Beyond 2^53 a JSON number is not exact.
    package static let seqs: ClosedRange<Int64> = 0...(1 << 53)

    package var room: Identifier
    package var replica: ReplicaID
    package var seq: Int64
    package var base: Cursor?
    package var claimedMs: Int64?
    /// JSON pointers and values.
    package var set: JSON.Object
    package var add: [String]
    package var remove: [String]
    /// Takes the edit back: it consumes its `seq` and does nothing.
    package var isVoid: Bool
    /// Taken only where nobody else has written since. `Protocol/rooms.md#undo`.
    package var isOwn: Bool

    package init(
        room: Identifier, replica: ReplicaID, seq: Int64, base: Cursor? = nil,
        claimedMs: Int64? = nil, set: JSON.Object = [:], add: [String] = [],
        remove: [String] = [], isVoid: Bool = false, isOwn: Bool = false
    ) {
        self.room = room
        self.replica = replica
        self.seq = seq
        self.base = base
        self.claimedMs = claimedMs
        self.set = set
        self.add = add
        self.remove = remove
        self.isVoid = isVoid
        self.isOwn = isOwn
    }

    package init(_ object: JSON.Object) throws(WireError) {
        let params = Params(object)
        room = try params.identifier("room")
        replica = try params.replica("replica")
        seq = try params.integer("seq", in: 1...Self.seqs.upperBound)
        base = try Cursor.read("base", of: params)
        claimedMs = try params.optional("claimedMs") { (name) throws(WireError) in
            try params.integer(name, in: Int64.min...Int64.max)
        }
        set = try params.optional("set", params.object) ?? [:]
        let countMax = Limits.pathsPerEditMax
        add =
            try params.optional("add") { (name) throws(WireError) in
                try params.texts(name, countMax: countMax)
            } ?? []
        remove =
            try params.optional("remove") { (name) throws(WireError) in
                try params.texts(name, countMax: countMax)
            } ?? []
        isVoid = try params.optional("void", params.bool) ?? false
        isOwn = try params.optional("own", params.bool) ?? false
    }

    package var json: JSON.Object {
        var object: JSON.Object = [
            "room": .string(room.description), "replica": .string(replica.text),
            "seq": .integer(seq),
        ]
        if let base { object["base"] = base.json }
        if let claimedMs { object["claimedMs"] = .integer(claimedMs) }
        if !set.members.isEmpty { object["set"] = .object(set) }
        if !add.isEmpty { object["add"] = .array(add.map { .string($0) }) }
        if !remove.isEmpty { object["remove"] = .array(remove.map { .string($0) }) }
        if isVoid { object["void"] = true }
        if isOwn { object["own"] = true }
        return object
    }
}
