package import Model

/// What a room plays and who leads: the data of a `playing` event, and `playing` of a join.
/// `Protocol/playing.md#state`.
package struct RoomPlaying: Hashable, Sendable {
    /// What only the leader may do while it is locked.
    package enum Lock: String, CaseIterable, Sendable {
        case tempo, start, solo
    }

    package struct Lead: Hashable, Sendable {
        /// Nil while they are away.
        package var member: Int64?
        package var name: String
        package var locks: Set<Lock>

        package init(member: Int64?, name: String, locks: Set<Lock>) {
            self.member = member
            self.name = name
            self.locks = locks
        }
    }

    package var beat: Beat
    /// Instruments of which alone is to be heard; everything when it is empty.
    package var solo: [InstrumentID]
    package var lead: Lead?

    package init(beat: Beat = Beat(), solo: [InstrumentID] = [], lead: Lead? = nil) {
        self.beat = beat
        self.solo = solo
        self.lead = lead
    }

    package var json: JSON {
        var object = beat.json
        if !solo.isEmpty { object["solo"] = .array(solo.map { .string($0.rawValue) }) }
        if let lead {
            object["lead"] = [
                "member": .orNull(lead.member), "name": .string(lead.name),
                "locks": .array(
                    Lock.allCases.filter(lead.locks.contains).map { .string($0.rawValue) }),
            ]
        }
        return .object(object)
    }

    package init?(json: JSON) {
        guard json.object != nil, let beat = Beat(json: json) else { return nil }
        let lead = json["lead"].flatMap { lead -> Lead? in
            guard let name = lead["name"]?.string else { return nil }
            return Lead(
                member: lead["member"]?.int, name: name,
                locks: Set(
                    (lead["locks"]?.array ?? []).compactMap { $0.string.flatMap(Lock.init) }))
        }
        self.init(
            beat: beat,
            solo: (json["solo"]?.array ?? []).compactMap { entry in
                entry.string.flatMap { InstrumentID($0) }
            },
            lead: lead)
    }
}

/// The params of `room.transport`.
package struct TransportRequest: Hashable, Sendable {
    package var room: Identifier
    /// Nil to leave it as it is.
    package var isPlaying: Bool?
    /// Whether a stop need not wait for the end of the cycle.
    package var isSoon: Bool
    package var solo: [InstrumentID]?

    package init(
        room: Identifier, isPlaying: Bool? = nil, isSoon: Bool = false,
        solo: [InstrumentID]? = nil
    ) {
        self.room = room
        self.isPlaying = isPlaying
        self.isSoon = isSoon
        self.solo = solo
    }

    package init(_ object: JSON.Object) throws(WireError) {
        let params = Params(object)
        room = try params.identifier("room")
        isPlaying = try params.optional("playing", params.bool)
        isSoon = try params.optional("soon", params.bool) ?? false
        let names = try params.optional("solo") { (name) throws(WireError) in
            try params.texts(name, countMax: InstrumentID.allCases.count)
        }
        guard let names else { return }
        let solo = names.compactMap { InstrumentID($0) }
        guard solo.count == names.count, Set(solo).count == solo.count else {
            throw params.refused("solo", allowed: "ids of instruments, once each")
        }
        self.solo = solo
    }
}

/// The params of `room.lead`.
package struct LeadRequest: Hashable, Sendable {
    package var room: Identifier
    /// Who shall lead; nil for the caller.
    package var member: Int64?
    /// Nil to leave them as they are.
    package var locks: Set<RoomPlaying.Lock>?
    /// Nobody leads any more.
    package var isEnd: Bool

    package init(
        room: Identifier, member: Int64? = nil, locks: Set<RoomPlaying.Lock>? = nil,
        isEnd: Bool = false
    ) {
        self.room = room
        self.member = member
        self.locks = locks
        self.isEnd = isEnd
    }

    package init(_ object: JSON.Object) throws(WireError) {
        let params = Params(object)
        room = try params.identifier("room")
        member = try params.optional("member") { (name) throws(WireError) in
            try params.integer(name, in: 1...EditRequest.seqs.upperBound)
        }
        let names = try params.optional("locks") { (name) throws(WireError) in
            try params.texts(name, countMax: RoomPlaying.Lock.allCases.count)
        }
        locks = try names.map { (names) throws(WireError) in
            let locks = names.compactMap(RoomPlaying.Lock.init)
            guard locks.count == names.count else {
                throw params.refused("locks", allowed: "tempo, start, solo")
            }
            return Set(locks)
        }
        isEnd = try params.optional("end", params.bool) ?? false
    }
}
