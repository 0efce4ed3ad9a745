import Model
import Social
import Storage
import Wire

/// Writes letters into the transaction of a command: there is none without what it tells of.
/// `Protocol/mail.md`.
struct Letters: Sendable {
    /// Where people reach the server, for links; without a slash at its end.
    let publicURL: String

    /// Queues the letter that confirms `email`: of a new account, again, or a new address
    /// (`changeEmail`).
    ///
    /// - Throws: `throttled`, or `busy` when too many letters wait.
    func verify(
        _ user: UserRecord, _ purpose: AccountSecret.Purpose = .verifyEmail, email: String,
        on connection: any Connection, nowMs: Int64, _ effects: inout [Effect]
    ) throws {
        let link = try newLink(for: user, purpose, email: email, on: connection, nowMs: nowMs)
        try queue(
            .verify(name: user.displayName, link: link, hours: Limits.verifySecretHours),
            to: email, of: user, on: connection, nowMs: nowMs, &effects)
    }

    /// - Throws: `throttled`, or `busy` when too many letters wait.
    func resetPassword(
        _ user: UserRecord, on connection: any Connection, nowMs: Int64,
        _ effects: inout [Effect]
    ) throws {
        let link = try newLink(
            for: user, .resetPassword, email: user.email, on: connection, nowMs: nowMs)
        try queue(
            .resetPassword(
                name: user.displayName, link: link, minutes: Limits.resetSecretMinutes),
            to: user.email, of: user, on: connection, nowMs: nowMs, &effects)
    }

    /// Tells the present address that another one was asked for.
    ///
    /// - Throws: `throttled`, or `busy` when too many letters wait.
    func emailChangeAsked(
        _ user: UserRecord, to newEmail: String, on connection: any Connection, nowMs: Int64,
        _ effects: inout [Effect]
    ) throws {
        _ = try Throttle.warnings(to: user.emailNormalised)
            .reserve(on: connection, nowMs: nowMs)
        try queue(
            .emailChangeAsked(name: user.displayName, newEmail: newEmail), to: user.email,
            of: user, on: connection, nowMs: nowMs, &effects)
    }

    /// Tells the old address.
    ///
    /// - Throws: `busy` when too many letters wait.
    func emailChanged(
        _ user: UserRecord, to newEmail: String, on connection: any Connection, nowMs: Int64,
        _ effects: inout [Effect]
    ) throws {
        try queue(
            .emailChanged(name: user.displayName, newEmail: newEmail), to: user.email, of: user,
            on: connection, nowMs: nowMs, &effects)
    }

    /// Makes a secret in the place of the former ones.
    private func newLink(
        for user: UserRecord, _ purpose: AccountSecret.Purpose, email: String,
        on connection: any Connection, nowMs: Int64
    ) throws -> String {
        _ = try Throttle.letters(to: EmailAddress.normalised(email))
            .reserve(on: connection, nowMs: nowMs)
        let secret = Secret.make()
        try AccountSecretStore(connection).replace(
            AccountSecretRecord(
                secretSHA256: Secret.sha256(secret), user: user.id, purpose: purpose.rawValue,
                email: email, createdMs: nowMs, expiresMs: nowMs + purpose.lifetimeMs))
        return AccountSecret.link(publicURL, purpose, secret: secret)
    }

    private func queue(
        _ text: MailText, to recipient: String, of user: UserRecord,
        on connection: any Connection, nowMs: Int64, _ effects: inout [Effect]
    ) throws {
        let preferences = try UserStore(connection).preferences(of: user.id)
        let language = MailLanguage(tag: preferences?.language ?? "")
        let isQueued = try MailStore(connection).queue(
            MailRecord(
                id: NewIdentifier.make(nowMs: nowMs), recipient: recipient,
                subject: text.subject(language), body: text.body(language), createdMs: nowMs))
        guard isQueued else { throw WireError.busy }
        effects.append(.mailQueued)
    }
}
