package import Model

/// Who may do what with a pattern: the one place. `Protocol/rooms.md#who-may-do-what`.
package enum Permissions {
    /// - Parameter user: nil for a guest.
    /// - Returns: nil when this user may not know of the pattern.
    package static func role(of user: Identifier?, owner: Identifier, isPublic: Bool) -> Role? {
        if user == owner { return .owner }
        guard isPublic else { return nil }
        return user == nil ? .guest : .viewer
    }
}
