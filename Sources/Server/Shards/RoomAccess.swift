import Model
import Social
import Storage

/// Who may come into a room, in which role. `Protocol/permissions.md#in-a-room`.
struct RoomAccess: Sendable {
    let facts: PatternFacts
    let roles: [Identifier: Role]

    /// - Returns: nil when there is no such pattern.
    static func read(
        _ pattern: Identifier, from connection: any Connection
    ) throws -> RoomAccess? {
        // Administrators and blocked people are what strangers are, as far as rooms go.
        guard let record = try StandingStore(connection).standing(of: nil, with: pattern) else {
            return nil
        }
        return RoomAccess(
            facts: record.facts, roles: try CollaboratorStore(connection).roles(in: pattern))
    }

    /// - Parameter user: nil for a guest.
    /// - Returns: nil for who may not know of the pattern.
    func role(of user: Identifier?) -> Role? {
        PatternAccess(facts, user: user, role: user.flatMap { roles[$0] }).role
    }
}
