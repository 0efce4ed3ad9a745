package import Model
package import Wire

/// What two people may do with each other. `Protocol/social.md#follows`,
/// `Protocol/social.md#blocks`.
package enum PeopleRules {
    package static func checkOther(
        _ target: Identifier, than user: Identifier
    ) throws(WireError) {
        guard target != user else {
            throw WireError(
                .invalidParams, "user is not valid", path: "/user", allowed: "somebody else")
        }
    }

    package static func blocked(_ path: String) -> WireError {
        WireError(.blocked, "one of you has blocked the other", path: path)
    }

    package static func noUser(_ path: String = "/user") -> WireError {
        WireError(.notFound, "no such user", path: path)
    }
}
