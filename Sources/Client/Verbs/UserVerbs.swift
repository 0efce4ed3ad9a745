import Wire

extension SalsaClient {
    /// Other people.
    public var users: UserVerbs { UserVerbs(client: self) }
}

/// Other people, by their ids: `client.users`. `Protocol/social.md#people`. Errors are as in
/// ``PatternVerbs``; `blocked` when one of the two has blocked the other.
public struct UserVerbs: Sendable {
    let client: SalsaClient

    public func get(_ user: String) async throws(ClientError) -> User {
        try await client.ask(.userGet, ["user": user], at: "user")
    }

    /// Follows them; a second time changes nothing.
    public func follow(_ user: String) async throws(ClientError) {
        try await client.ask(.userFollow, ["user": user])
    }

    public func unfollow(_ user: String) async throws(ClientError) {
        try await client.ask(.userUnfollow, ["user": user])
    }

    /// The latest first.
    public func followers(of user: String) -> Listing<ListedUser> {
        Listing(client, .userFollowers, ["user": user], at: "users")
    }

    /// Whom they follow; the latest first.
    public func following(of user: String) -> Listing<ListedUser> {
        Listing(client, .userFollowing, ["user": user], at: "users")
    }

    /// Blocks them, and ends what there was between the two.
    public func block(_ user: String) async throws(ClientError) {
        try await client.ask(.userBlock, ["user": user])
    }

    public func unblock(_ user: String) async throws(ClientError) {
        try await client.ask(.userUnblock, ["user": user])
    }

    /// Whom the caller has blocked; the latest first.
    public func blocked() -> Listing<ListedUser> {
        Listing(client, .userBlocked, at: "users")
    }
}
