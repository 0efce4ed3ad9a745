package import Model

/// The params of `room.join`. `Protocol/rooms.md#join`.
package struct JoinRequest: Hashable, Sendable {
    package var room: Identifier
    package var cursor: Cursor?
    package var replica: ReplicaID?
    /// Verdicts up to this `seq` were taken note of.
    package var confirmed: Int64
    package var wantsStamps: Bool

    package init(
        room: Identifier, cursor: Cursor? = nil, replica: ReplicaID? = nil, confirmed: Int64 = 0,
        wantsStamps: Bool = false
    ) {
        self.room = room
        self.cursor = cursor
        self.replica = replica
        self.confirmed = confirmed
        self.wantsStamps = wantsStamps
    }

    package init(_ object: JSON.Object) throws(WireError) {
        let params = Params(object)
        room = try params.identifier("room")
        cursor = try Cursor.read("cursor", of: params)
        replica = try params.optional("replica", params.replica)
        confirmed =
            try params.optional("confirmed") { (name) throws(WireError) in
                try params.integer(name, in: 0...Int64.max)
            } ?? 0
        wantsStamps = try params.optional("stamps", params.bool) ?? false
    }

    package var json: JSON.Object {
        var object: JSON.Object = ["room": .string(room.description)]
        if let cursor { object["cursor"] = cursor.json }
        if let replica { object["replica"] = .string(replica.text) }
        if confirmed > 0 { object["confirmed"] = .integer(confirmed) }
        if wantsStamps { object["stamps"] = true }
        return object
    }
}
