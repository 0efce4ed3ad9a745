import ArgumentParser
import Foundation
import Server

/// Where letters go.
struct MailOptions: ParsableArguments {
    @Option(
        name: .customLong("smtp-url"),
        help: """
            Mail server: smtp://host:port (STARTTLS) or smtps://host:port. Without one, letters \
            are files in the folder mail of the data directory.
            """)
    var smtpURL: String?

    @Option(help: "User of the mail server.")
    var smtpUser: String?

    @Option(
        help: """
            File whose first line is the password; else the variable SALSANOR_SMTP_PASSWORD is, \
            if it is set.
            """)
    var smtpPasswordFile: String?

    @Option(
        name: .customLong("smtp-ca"),
        help: "Authorities to believe instead of the system's, in PEM.")
    var smtpAuthorities: String?

    @Option(help: "Sender of letters; salsanor@ and the host of --public-url if left out.")
    var mailFrom: String?

    func validate() throws {
        if let smtpURL, Self.server(smtpURL) == nil {
            throw ValidationError("--smtp-url takes smtp://host:port or smtps://host:port")
        }
        if let mailFrom, !MailConfiguration.allows(sender: mailFrom) {
            throw ValidationError("--mail-from takes an e-mail address, not \(mailFrom)")
        }
    }

    private static func server(_ url: String) -> OutboundURL? {
        OutboundURL(url, schemes: ["smtp", "smtps"])
    }

    func configuration() throws -> MailConfiguration {
        guard let url = smtpURL.flatMap(Self.server) else {
            return MailConfiguration(from: mailFrom)
        }
        var password = ProcessInfo.processInfo.environment["SALSANOR_SMTP_PASSWORD"]
        if let smtpPasswordFile {
            let text = try String(contentsOfFile: smtpPasswordFile, encoding: .utf8)
            password = text.split(whereSeparator: \.isNewline).first.map { String($0) }
        }
        return MailConfiguration(
            server: MailConfiguration.Server(
                url: url, user: smtpUser, password: password, authorities: smtpAuthorities),
            from: mailFrom)
    }
}
