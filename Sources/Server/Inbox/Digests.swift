import Model
import Social
import Storage

/// Letters of what people missed. `Protocol/notifications.md#digest`.
struct Digests: Sendable {
    /// Inboxes that are looked at in one transaction.
    static let usersPerRun = 8

    private static let hourMs: Int64 = 3_600_000

    /// Where people reach the server, for links; without a slash at its end.
    let publicURL: String

    /// Looks at inboxes that are due, and queues letters.
    ///
    /// - Returns: whether a letter was queued, and whether more are due.
    func run(_ connection: any Connection, nowMs: Int64) throws -> (isQueued: Bool, isMore: Bool) {
        let users = try DigestStore(connection).due(nowMs: nowMs, limit: Self.usersPerRun)
        var isQueued = false
        for user in users where try look(at: user, connection, nowMs: nowMs) { isQueued = true }
        return (isQueued, users.count == Self.usersPerRun)
    }

    /// Returns whether a letter was queued.
    private func look(
        at id: Identifier, _ connection: any Connection, nowMs: Int64
    ) throws -> Bool {
        let digests = DigestStore(connection)
        let users = UserStore(connection)
        guard let user = try users.find(id), user.state(nowMs: nowMs) == .present,
            user.emailVerified, let preferences = try users.preferences(of: id),
            preferences.emailNotifications, preferences.notificationsEnabled
        else {
            try digests.finish(id)
            return false
        }
        let state = try digests.state(of: id)
        // Uses are written down once in `touchMs`: they may have been there until then.
        let seenMs = state.lastUsedMs.map { $0 + SessionStore.touchMs } ?? 0
        let missed = try digests.missed(by: id, above: state.digested, sinceMs: seenMs)
        guard let firstMs = missed.map(\.createdMs).min() else {
            try digests.finish(id)
            return false
        }
        let dueMs = firstMs + Int64(Limits.digestDelayHours) * Self.hourMs
        guard dueMs <= nowMs else {
            try digests.postpone(id, toMs: dueMs)
            return false
        }
        let secret = Secret.make()
        let link = UnsubscribeLink.url(publicURL, secret: secret)
        let text = try text(for: user, missed.map(\.item), unsubscribeLink: link, connection)
        let language = MailLanguage(tag: preferences.language)
        let isQueued = try MailStore(connection).queue(
            MailRecord(
                id: NewIdentifier.make(nowMs: nowMs), recipient: user.email,
                subject: text.subject(language), body: text.body(language),
                unsubscribeURL: link, createdMs: nowMs))
        guard isQueued else {
            try digests.postpone(id, toMs: nowMs + Self.hourMs)
            return false
        }
        try AccountSecretStore(connection).add(
            AccountSecretRecord(
                secretSHA256: Secret.sha256(secret), user: id,
                purpose: UnsubscribeLink.purpose, email: user.email, createdMs: nowMs,
                expiresMs: nowMs + Int64(Limits.unsubscribeSecretDays) * 24 * Self.hourMs))
        try digests.noteSent(to: id, nowMs: nowMs)
        return true
    }

    private func text(
        for user: UserRecord, _ missed: [NoticeItem], unsubscribeLink: String,
        _ connection: any Connection
    ) throws -> DigestText {
        let groups = NoticeGroups.groups(of: missed).prefix(Limits.digestLinesMax)
        let lines = try groups.map { group in
            let name = try group.actors.first.flatMap {
                try ProfileStore(connection).person($0)?.displayName
            }
            var title: String?
            if let pattern = group.newest.pattern, try connection.mayHear(of: pattern, user.id) {
                title = try PatternStore(connection).find(pattern)?.content.title
            }
            return DigestText.Line(
                kind: group.newest.kind, name: name, others: max(0, group.actorCount - 1),
                title: title)
        }
        return DigestText(
            name: user.displayName, count: missed.count, lines: lines, link: publicURL + "/#inbox",
            unsubscribeLink: unsubscribeLink)
    }
}
