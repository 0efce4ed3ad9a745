import Wire

/// Collaborators and share links. `Protocol/patterns.md#collaborators`.
extension PatternVerbs {
    /// Who has a role in it, or is invited.
    public func collaborators(_ pattern: String) async throws(ClientError) -> [Collaborator] {
        try await client.ask(
            .patternCollaborators, ["pattern": pattern], at: "collaborators")
    }

    /// Offers somebody a role; their `answerInvitation` takes it.
    /// - Parameter role: `editor` or `viewer`.
    @discardableResult
    public func invite(
        _ user: String, to pattern: String, as role: String
    ) async throws(ClientError) -> Collaborator {
        try await client.ask(
            .patternInvite, ["pattern": pattern, "user": user, "role": role],
            at: "collaborator")
    }

    /// Takes a role that was offered, or declines it.
    public func answerInvitation(
        to pattern: String, accept: Bool
    ) async throws(ClientError) {
        try await client.ask(.patternAnswerInvitation, ["pattern": pattern, "accept": accept])
    }

    /// Patterns of others in which the caller has a role, or is offered one; the latest first.
    public func invitations() -> Listing<Invitation> {
        Listing(client, .patternInvitations, at: "invitations")
    }

    /// Gives a collaborator another role; it holds in the open room at once.
    @discardableResult
    public func setRole(
        of user: String, in pattern: String, to role: String
    ) async throws(ClientError) -> Collaborator {
        try await client.ask(
            .patternSetRole, ["pattern": pattern, "user": user, "role": role],
            at: "collaborator")
    }

    /// Takes a role or an invitation away, or gives one's own up.
    public func removeCollaborator(
        _ user: String, from pattern: String
    ) async throws(ClientError) {
        try await client.ask(.patternRemoveCollaborator, ["pattern": pattern, "user": user])
    }

    /// Makes a link that gives a role to whoever opens it.
    /// - Parameter expiresMs: milliseconds since 1970; in 30 days if left out.
    /// - Returns: the link, and the secret for `openLink`, which is given once: nil when the
    ///   answer of the first sending was lost.
    public func share(
        _ pattern: String, as role: String, expiresMs: Int64? = nil
    ) async throws(ClientError) -> (link: ShareLink, secret: String?) {
        struct Shared: Decodable {
            let link: ShareLink
            let secret: String?
        }
        let shared: Shared = try await client.ask(
            .patternShare, ["pattern": pattern, "role": role, "expiresMs": expiresMs])
        return (shared.link, shared.secret)
    }

    /// The links of a pattern that can be opened.
    public func links(_ pattern: String) async throws(ClientError) -> [ShareLink] {
        try await client.ask(.patternLinks, ["pattern": pattern], at: "links")
    }

    /// Ends a link; who has opened it keeps the role.
    public func unshare(_ link: String) async throws(ClientError) {
        try await client.ask(.patternUnshare, ["link": link])
    }

    /// Takes up the role that a link gives.
    public func openLink(_ secret: String) async throws(ClientError) -> Pattern {
        try await client.ask(.patternOpenLink, ["secret": secret], at: "pattern")
    }
}
