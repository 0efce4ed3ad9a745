package import Model

/// A row of `mails`: a letter that has not gone out yet.
package struct MailRecord: Hashable, Sendable {
    package var id: Identifier
    /// 3 to 255 characters.
    package var recipient: String
    /// 1 to 200 characters.
    package var subject: String
    /// Plain text, 1 to 100,000 characters.
    package var body: String
    package var unsubscribeURL: String?
    /// How often it was refused.
    package var attempts: Int64
    package var nextAttemptMs: Int64
    package var createdMs: Int64

    package init(
        id: Identifier, recipient: String, subject: String, body: String,
        unsubscribeURL: String? = nil, attempts: Int64 = 0, nextAttemptMs: Int64? = nil,
        createdMs: Int64
    ) {
        self.id = id
        self.recipient = recipient
        self.subject = subject
        self.body = body
        self.unsubscribeURL = unsubscribeURL
        self.attempts = attempts
        self.nextAttemptMs = nextAttemptMs ?? createdMs
        self.createdMs = createdMs
    }
}
