import Model
import Replica
import Wire

/// Playing together, and undoing.
extension LiveRoom {
    /// What the room plays; nil when it was left.
    public var beat: RoomBeat? {
        get async {
            let room = room
            return await client.readCore({ $0.session.rooms[room]?.playing })?.map(RoomBeat.init)
        }
    }

    /// Starts the room for everybody, slightly ahead.
    public func play() async throws(ClientError) { try await transport(["playing": true]) }

    /// Stops it at the end of the cycle.
    /// - Parameter soon: after the step that sounds instead.
    public func stop(soon: Bool = false) async throws(ClientError) {
        try await transport(["playing": false, "soon": .bool(soon)])
    }

    /// Lets only these instruments be heard, by everybody; all of them when it is empty.
    public func solo(_ instruments: [String]) async throws(ClientError) {
        try await transport(["solo": .array(instruments.map { .string($0) })])
    }

    /// Takes the lead, or changes what only the leader may do: `tempo`, `start`, `solo`.
    public func lead(locks: Set<String>) async throws(ClientError) {
        try await call(.roomLead, ["locks": .array(locks.sorted().map { .string($0) })])
    }

    /// The owner lets another member lead.
    public func giveLead(to member: RoomMember, locks: Set<String> = []) async throws(ClientError) {
        try await call(
            .roomLead,
            [
                "member": .integer(member.id),
                "locks": .array(locks.sorted().map { .string($0) }),
            ])
    }

    public func endLead() async throws(ClientError) { try await call(.roomLead, ["end": true]) }

    private func transport(_ params: JSON.Object) async throws(ClientError) {
        try await call(.roomTransport, params)
    }

    private func call(_ method: Method, _ params: JSON.Object) async throws(ClientError) {
        var params = params
        params["room"] = .string(id)
        _ = try await client.call(method, params)
    }

    /// Takes back this client's last edit: shown at once, like an edit. Where somebody else has
    /// written since, nothing is changed. Nil when there is nothing to take back.
    public func undo() async -> Undone? { await reverse(isRedo: false) }

    /// Does again what was undone last; nil when there is nothing, or something was edited since.
    public func redo() async -> Undone? { await reverse(isRedo: true) }

    private func reverse(isRedo: Bool) async -> Undone? {
        let room = room
        let promise = Promise<Void>()
        let reversal = await client.readCore { $0.reverse(room, isRedo: isRedo, promise) }
        guard let reversal = reversal ?? nil else { return nil }
        return Undone(
            edit: reversal.ticket.map { _ in EditHandle(promise: promise) },
            changed: reversal.changed, skipped: reversal.skipped)
    }
}
