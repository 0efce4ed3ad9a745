import Model
import Rooms
import WebSocket
import Wire

/// The socket's side of `room.*`: finds the member, and passes on to the room's home.
extension Shard {
    func joinRoom(
        _ request: JoinRequest, _ peer: Peer, _ answer: JoinCall.Answer
    ) throws(WireError) {
        let countMax = Limits.roomsPerPeerMax
        guard peer.rooms[request.room] != nil || peer.rooms.count + peer.joining < countMax else {
            throw WireError(.limit, "too many rooms on one socket", allowed: "\(countMax) rooms")
        }
        // Joining again starts afresh: the old member goes first.
        if let member = peer.rooms.removeValue(forKey: request.room) {
            send(.leave(request.room, member), to: home(of: request.room))
        }
        peer.joining += 1
        let call = JoinCall(
            request: request, peer: peer.address, user: peer.holder?.user,
            name: peer.holder?.displayName ?? "Guest", answer: answer)
        send(.join(call), to: home(of: request.room))
    }

    /// The room let the peer in.
    func seat(
        _ address: PeerAddress, _ room: Identifier, _ member: MemberNumber, result: [UInt8],
        _ answer: JoinCall.Answer
    ) {
        table.peers[address.token]?.joining -= 1
        guard let peer = table.peers[address.token], peer.web?.isOpen == true else {
            send(.leave(room, member), to: home(of: room))
            return
        }
        if let double = peer.rooms.updateValue(member, forKey: room) {
            send(.leave(room, double), to: home(of: room))
        }
        switch answer {
        case .reply(let reply): self.answer(reply, .raw(result))
        case .event:
            sendText(Event.joined(room, rawResult: result), to: peer)
        }
        if peer.isBehind { send(.fellBehind(room, member), to: home(of: room)) }
    }

    func turnAway(
        _ peer: Peer, _ room: Identifier, _ error: WireError, _ answer: JoinCall.Answer
    ) {
        switch answer {
        case .reply(let reply): self.answer(reply, .failure(error))
        case .event:
            let data: JSON = [
                "code": .string(error.name.rawValue), "reason": .string(error.message),
            ]
            sendText(Event(stream: .room(room), kind: .left, data: data).bytes, to: peer)
        }
    }

    func leaveRoom(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let room = try Params(params).identifier("room")
        let member = try member(of: room, peer)
        peer.rooms[room] = nil
        send(.leave(room, member), to: home(of: room))
        answer(reply, .json([:]))
    }

    func editRoom(_ request: EditRequest, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let member = try member(of: request.room, peer)
        send(.edit(request, from: member, reply), to: home(of: request.room))
    }

    func touch(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let room = try reader.identifier("room")
        let pointer = try reader.optional("touching", reader.text)
        send(.touch(room, pointer, by: try member(of: room, peer), reply), to: home(of: room))
    }

    func heal(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let room = try reader.identifier("room")
        let number = try reader.integer("number")
        let state = try reader.text("state")
        send(
            .heal(room, try member(of: room, peer), number: number, state: state, reply),
            to: home(of: room))
    }

    func transport(
        _ request: TransportRequest, _ peer: Peer, _ reply: Reply
    ) throws(WireError) {
        let member = try member(of: request.room, peer)
        send(.transport(request, by: member, reply), to: home(of: request.room))
    }

    func lead(_ request: LeadRequest, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let member = try member(of: request.room, peer)
        send(.lead(request, by: member, reply), to: home(of: request.room))
    }

    private func member(of room: Identifier, _ peer: Peer) throws(WireError) -> MemberNumber {
        guard let member = peer.rooms[room] else {
            throw WireError.notJoined
        }
        return member
    }
}
