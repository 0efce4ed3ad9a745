package import Model
package import Wire

/// Names a request to the server, which knows where its answer goes.
package typealias CallNumber = Int64

/// What the server must do for a room; a room itself does nothing.
package enum RoomEffect: Sendable, Hashable {
    /// One JSON text to one member.
    case send([UInt8], to: MemberNumber)
    /// The answer to an edit that was sent as a request.
    case respond(CallNumber, Result<JSON, WireError>)
    /// One JSON text to many: to be framed once. `isDroppable` may be left out for members whose
    /// queue is past the soft mark.
    case broadcast([UInt8], to: [MemberNumber], isDroppable: Bool)
    /// The member is out; nothing more may be sent to it. What it must still hear went before.
    case remove(MemberNumber)
}
