import Model
import Rooms
import WebSocket
import Wire

/// What shards tell each other: between a socket's shard and its room's home. Gathered during a
/// turn, and handed over as one parcel per shard at its end.
enum ShardMessage: Sendable {
    // To the home of a room
    case join(JoinCall)
    case leave(Identifier, MemberNumber)
    case edit(EditRequest, from: MemberNumber, Reply)
    case touch(Identifier, String?, by: MemberNumber, Reply)
    case heal(Identifier, MemberNumber, number: Int64, state: String, Reply)
    case transport(TransportRequest, by: MemberNumber, Reply)
    case lead(LeadRequest, by: MemberNumber, Reply)
    case confirm(Identifier, MemberNumber, through: Int64)
    case fellBehind(Identifier, MemberNumber)
    case drained(Identifier, MemberNumber)

    // To the shard of a socket
    case joined(PeerAddress, Identifier, MemberNumber, result: [UInt8], JoinCall.Answer)
    case notJoined(PeerAddress, Identifier, WireError, JoinCall.Answer)
    case removed(PeerAddress, Identifier, MemberNumber)
    case answer(Reply, Answer)
    /// A notification that was refused.
    case refused(Reply, Method, WireError)
    case text([UInt8], to: PeerAddress)
    /// One message, encoded and compressed at most once, for many sockets of this shard.
    case shared(SharedMessage, to: [UInt64], isDroppable: Bool)
}

/// A socket that asks to come into a room.
struct JoinCall: Sendable {
    enum Answer: Sendable {
        case reply(Reply)
        /// It was part of `session.open`: an event.
        case event
    }

    let request: JoinRequest
    let peer: PeerAddress
    let user: Identifier?
    let name: String
    let answer: Answer
}
