/// Every method of the protocol. `Protocol/wire.md#methods`; a test compares the two tables.
package enum Method: String, CaseIterable, Sendable {
    case sessionOpen = "session.open"
    case accountSignIn = "account.signIn"
    case heartbeat
    case patternCreate = "pattern.create"
    case patternGet = "pattern.get"
    case roomJoin = "room.join"
    case roomLeave = "room.leave"
    case roomEdit = "room.edit"
    case roomPresence = "room.presence"
    case roomHeal = "room.heal"

    /// The least that may call.
    package enum Caller: String, Sendable {
        case anyone, guest, user
    }

    package var caller: Caller {
        switch self {
        case .sessionOpen, .accountSignIn, .heartbeat: .anyone
        case .patternCreate, .roomEdit: .user
        case .patternGet, .roomJoin, .roomLeave, .roomPresence, .roomHeal: .guest
        }
    }

    /// Whether it needs a socket; the others are also served by `POST /v1/rpc`.
    package var needsStream: Bool {
        switch self {
        case .accountSignIn, .patternCreate, .patternGet: false
        default: true
        }
    }
}
