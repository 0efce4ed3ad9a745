/// A letter as it travels: RFC 5322 with MIME (RFC 2045), CRLF line ends.
package struct MailMessage: Sendable {
    package var from: String
    package var to: String
    package var subject: String
    /// Paragraphs and line breaks as `\n`.
    package var body: String
    /// Unique and the same at each attempt; a UUID.
    package var id: String
    package var dateMs: Int64
    package var unsubscribeURL: String?

    package init(
        from: String, to: String, subject: String, body: String, id: String, dateMs: Int64,
        unsubscribeURL: String? = nil
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.body = body
        self.id = id
        self.dateMs = dateMs
        self.unsubscribeURL = unsubscribeURL
    }

    /// Lines longer than this are folded by quoted-printable (RFC 5322 §2.1.1).
    private static let lineBytesMax = 998

    package var bytes: [UInt8] {
        let domain = from.split(separator: "@").last ?? "localhost"
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        let isPlain = lines.allSatisfy { line in
            line.utf8.count <= Self.lineBytesMax
                && line.utf8.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x09 }
        }
        var fields = [
            ("From", from), ("To", to), ("Subject", EncodedWords.text(Self.line(subject))),
            ("Date", MailDate.text(dateMs)), ("Message-ID", "<\(id)@\(domain)>"),
            ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", isPlain ? "7bit" : "quoted-printable"),
            // RFC 3834 §5.
            ("Auto-Submitted", "auto-generated"),
        ]
        if let unsubscribeURL {
            fields.append(("List-Unsubscribe", "<\(unsubscribeURL)>"))
            // RFC 8058 §3.1: only an HTTPS URI takes the POST of one click.
            if unsubscribeURL.hasPrefix("https://") {
                fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
            }
        }
        // Addresses and URLs were judged before; whatever they hold, a field stays one line.
        let head = fields.map { "\($0): \($0 == "Subject" ? $1 : Self.line($1))\r\n" }.joined()
        let text =
            isPlain ? lines.joined(separator: "\r\n") : QuotedPrintable.text(lines)
        return Array((head + "\r\n" + text + "\r\n").utf8)
    }

    private static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value ? " " : scalar)
        }
        return String(line)
    }
}
