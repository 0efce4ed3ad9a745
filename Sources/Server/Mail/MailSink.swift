import Model
import Social
import Storage

/// Takes letters over. Blocking.
protocol MailSink: Sendable {
    /// Returns when somebody else answers for the letter.
    func deliver(_ message: MailMessage) throws(MailFailure)
    /// For the log.
    var place: String { get }
}

/// Why a letter was not taken.
enum MailFailure: Error, Hashable, Sendable {
    /// This letter.
    case refused(String, isPermanent: Bool)
    /// No letter is taken at the moment.
    case unavailable(String)
}

extension MailSpool: MailSink {
    var place: String { path }

    func deliver(_ message: MailMessage) throws(MailFailure) {
        do throws(Failure) {
            try put(message.bytes, name: "\(message.id).eml")
        } catch {
            throw .unavailable(error.description)
        }
    }
}

/// A mail server, over libcurl.
struct SMTPSink: MailSink {
    private let server: CurlHandle.MailServer

    init(_ server: MailConfiguration.Server) {
        self.server = CurlHandle.MailServer(
            url: server.url.text, user: server.user, password: server.password,
            authorities: server.authorities, requiresTLS: !server.url.isLoopback,
            timeout: .seconds(Limits.mailSendSeconds))
    }

    var place: String { server.url }

    func deliver(_ message: MailMessage) throws(MailFailure) {
        guard let handle = CurlHandle() else { throw .unavailable("no memory") }
        do throws(CurlHandle.Failure) {
            try handle.send(message.bytes, from: message.from, to: message.to, by: server)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Replies that speak of us and not of the letter (RFC 4954 §6, RFC 3207 §4).
    private static let statusesOfSession: Set<Int64> = [421, 454, 530, 534, 535, 538]

    static func failure(_ error: CurlHandle.Failure) -> MailFailure {
        guard 400..<600 ~= error.status, !error.isLoginDenied,
            !statusesOfSession.contains(error.status)
        else { return .unavailable(error.description) }
        return .refused(error.description, isPermanent: error.status >= 500)
    }
}
