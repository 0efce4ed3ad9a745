/// What somebody is in a room. `Protocol/rooms.md#who-may-do-what`.
package enum Role: String, CaseIterable, Sendable {
    case owner, editor, viewer, guest

    package var mayEdit: Bool { self == .owner || self == .editor }
}
