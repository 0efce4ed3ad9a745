package import Model

/// The result of `room.join`, and the data of a `joined` event. `Protocol/rooms.md#join`.
package struct JoinResult: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// The whole document: what was confirmed before is void.
        case document(JSON)
        /// The join of everything after number `from`; empty when nothing happened.
        case patch(JSON, from: Int64)
    }

    package struct Replica: Hashable, Sendable {
        package var id: ReplicaID
        package var through: Int64
        package var refused: [Verdict]
        /// Pending edits are to be numbered again from 1.
        package var renumber: Bool

        package init(id: ReplicaID, through: Int64, refused: [Verdict], renumber: Bool) {
            self.id = id
            self.through = through
            self.refused = refused
            self.renumber = renumber
        }
    }

    package var room: Identifier
    package var epoch: Int64
    package var number: Int64
    package var role: Role
    package var content: Content
    package var replica: Replica?
    package var member: Int64
    package var members: [Member]
    package var count: Int
    package var hash: String
    /// For full replicas: the raw state. `Protocol/merge.md#full-replicas`.
    package var state: JSON?
    /// Nil when nothing plays and nobody leads.
    package var playing: RoomPlaying?

    package init(
        room: Identifier, epoch: Int64, number: Int64, role: Role, content: Content,
        replica: Replica?, member: Int64, members: [Member], count: Int, hash: String,
        state: JSON? = nil, playing: RoomPlaying? = nil
    ) {
        self.room = room
        self.epoch = epoch
        self.number = number
        self.role = role
        self.content = content
        self.replica = replica
        self.member = member
        self.members = members
        self.count = count
        self.hash = hash
        self.state = state
        self.playing = playing
    }

    package var json: JSON {
        var object: JSON.Object = [
            "stream": .string(StreamName.room(room).text), "epoch": .integer(epoch),
            "number": .integer(number), "role": .string(role.rawValue),
        ]
        switch content {
        case .document(let document):
            object["recovered"] = false
            object["document"] = document
        case .patch(let patch, let from):
            object["recovered"] = true
            object["patch"] = patch
            object["from"] = .integer(from)
        }
        if let replica {
            object["replica"] = [
                "id": .string(replica.id.text), "through": .integer(replica.through),
                "refused": .array(replica.refused.map(\.json)),
                "renumber": .bool(replica.renumber),
            ]
        }
        object["member"] = .integer(member)
        object["members"] = .array(members.map(\.json))
        object["count"] = .integer(Int64(count))
        object["hash"] = .string(hash)
        if let state { object["state"] = state }
        if let playing { object["playing"] = playing.json }
        return .object(object)
    }

    package init?(json: JSON) {
        guard let object = json.object,
            case .room(let room)? = object["stream"]?.string.flatMap(StreamName.init(text:)),
            let epoch = object["epoch"]?.int, let number = object["number"]?.int,
            let role = object["role"]?.string.flatMap(Role.init),
            let member = object["member"]?.int, let hash = object["hash"]?.string
        else { return nil }
        let content: Content
        if let document = object["document"] {
            content = .document(document)
        } else if let from = object["from"]?.int {
            content = .patch(object["patch"] ?? .object([:]), from: from)
        } else {
            return nil
        }
        var replica: Replica?
        if let member = object["replica"] {
            // Not a guest's answer: one that cannot be understood.
            guard let readable = Replica(json: member) else { return nil }
            replica = readable
        }
        let members = (object["members"]?.array ?? []).compactMap(Member.init(json:))
        self.init(
            room: room, epoch: epoch, number: number, role: role, content: content,
            replica: replica, member: member, members: members,
            count: object["count"]?.int.map { Int($0) } ?? members.count,
            hash: hash, state: object["state"],
            playing: object["playing"].flatMap(RoomPlaying.init(json:)))
    }
}

extension JoinResult.Replica {
    fileprivate init?(json: JSON) {
        guard let object = json.object, let id = object["id"]?.string.flatMap(ReplicaID.init),
            let through = object["through"]?.int, EditRequest.seqs.contains(through)
        else { return nil }
        self.init(
            id: id, through: through,
            refused: (object["refused"]?.array ?? []).compactMap(Verdict.init(json:)),
            renumber: object["renumber"]?.bool ?? false)
    }
}
