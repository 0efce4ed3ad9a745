import Model
import Rooms
import Wire

/// What rooms play, in their homes. `Protocol/playing.md`.
extension Shard {
    func hostTransport(_ request: TransportRequest, _ member: MemberNumber, _ reply: Reply) {
        change(request.room, .roomTransport, reply) { (room, moment) throws(WireError) in
            try room.transport(request, by: member, at: moment)
        }
    }

    func hostLead(_ request: LeadRequest, _ member: MemberNumber, _ reply: Reply) {
        change(request.room, .roomLead, reply) { (room, moment) throws(WireError) in
            try room.lead(request, by: member, at: moment)
        }
    }

    private func change(
        _ id: Identifier, _ method: Method, _ reply: Reply,
        _ body: (inout Room, Moment) throws(WireError) -> JSON
    ) {
        var outcome: Result<JSON, WireError> = .failure(.notJoined)
        withRoom(id) { host in
            outcome = Result { () throws(WireError) in try body(&host.room, moment) }
        }
        switch outcome {
        case .success(let json): answer(reply, .json(json))
        case .failure(let error): refuse(reply, method, error)
        }
    }
}
