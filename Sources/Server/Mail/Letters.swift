import Crypto
import Model
import Social
import Storage
import Transport
import Wire

/// Writes letters into the transaction of a command: there is none without what it tells of.
/// `Protocol/mail.md`.
struct Letters: Sendable {
    /// Where people reach the server, for links.
    let publicURL: String

    /// Queues the letter that confirms `email`: of a new account, again, or a new address
    /// (`changeEmail`).
    func verify(
        _ user: UserRecord, _ purpose: AccountSecret.Purpose = .verifyEmail, email: String,
        _ call: CallContext, _ effects: inout [Effect]
    ) throws {
        let link = try newLink(for: user, purpose, email: email, call)
        try queue(
            .verify(name: user.displayName, link: link, hours: Limits.verifySecretHours),
            to: email, of: user, call, &effects)
    }

    func resetPassword(
        _ user: UserRecord, _ call: CallContext, _ effects: inout [Effect]
    ) throws {
        let link = try newLink(for: user, .resetPassword, email: user.email, call)
        try queue(
            .resetPassword(
                name: user.displayName, link: link, minutes: Limits.resetSecretMinutes),
            to: user.email, of: user, call, &effects)
    }

    /// Tells the old address.
    func emailChanged(
        _ user: UserRecord, to newEmail: String, _ call: CallContext,
        _ effects: inout [Effect]
    ) throws {
        try queue(
            .emailChanged(name: user.displayName, newEmail: newEmail), to: user.email, of: user,
            call, &effects)
    }

    /// Makes a secret in the place of the former ones.
    private func newLink(
        for user: UserRecord, _ purpose: AccountSecret.Purpose, email: String,
        _ call: CallContext
    ) throws -> String {
        let secret = Hexadecimal.text(RandomBytes.make(AccountSecret.randomBytes))
        try AccountSecretStore(call.connection).replace(
            AccountSecretRecord(
                secretSHA256: Self.hash(secret), user: user.id, purpose: purpose.rawValue,
                email: email, createdMs: call.nowMs,
                expiresMs: call.nowMs + purpose.lifetimeMs))
        return AccountSecret.link(publicURL, purpose, secret: secret)
    }

    private func queue(
        _ text: MailText, to recipient: String, of user: UserRecord, _ call: CallContext,
        _ effects: inout [Effect]
    ) throws {
        let preferences = try UserStore(call.connection).preferences(of: user.id)
        let language = MailLanguage(tag: preferences?.language ?? "")
        let isQueued = try MailStore(call.connection).queue(
            MailRecord(
                id: call.newIdentifier(), recipient: recipient, subject: text.subject(language),
                body: text.body(language), createdMs: call.nowMs))
        guard isQueued else { throw WireError.busy }
        effects.append(.mailQueued)
    }

    static func hash(_ secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }
}
