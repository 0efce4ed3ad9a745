import CCurl

/// A libcurl handle: what the server sends and fetches. Its calls block, so each owner has a queue
/// of its own for them.
@safe struct CurlHandle: ~Copyable {
    /// How a transfer failed, in libcurl's words and the server's status.
    struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        let message: String
        /// Of SMTP or HTTP; 0 when it did not come to one.
        let status: Int64
        /// The server did not take user and password.
        let isLoginDenied: Bool

        var description: String { status == 0 ? message : "\(message) (status \(status))" }
    }

    /// A mail server, and who we are there.
    struct MailServer: Sendable {
        let url: String
        let user: String?
        let password: String?
        /// PEM file of the authorities to believe instead of the system's.
        let authorities: String?
        let requiresTLS: Bool
        let timeout: Duration
    }

    private static let isStarted = ccurl_start() == 0
    private static let cacheControlBytesMax = 256

    private let handle: UnsafeMutableRawPointer

    /// Nil when memory ran out.
    init?() {
        guard Self.isStarted, let handle = unsafe ccurl_open() else { return nil }
        // SAFETY: this value is its only owner, and closes it once.
        unsafe self.handle = handle
    }

    deinit {
        // SAFETY: opened in `init`, and used by nobody any more.
        unsafe ccurl_close(handle)
    }

    /// Sends one message to one recipient; texts hold neither CR nor LF.
    func send(
        _ message: [UInt8], from: String, to: String, by server: MailServer
    ) throws(Failure) {
        // SAFETY: each pointer is valid during the call, and the handle is used by one thread at
        // a time, which `borrowing` on one queue gives.
        let result = unsafe server.url.withCString { url in
            unsafe Self.withOptional(server.user) { user in
                unsafe Self.withOptional(server.password) { password in
                    unsafe Self.withOptional(server.authorities) { authorities in
                        unsafe from.withCString { from in
                            unsafe to.withCString { to in
                                var letter = unsafe ccurl_letter(
                                    url: url, user: user, password: password,
                                    authorities: authorities, from: from, to: to,
                                    requires_tls: server.requiresTLS,
                                    timeout_ms: server.timeout.wholeMs)
                                return unsafe ccurl_send(
                                    handle, &letter, message, message.count)
                            }
                        }
                    }
                }
            }
        }
        try Self.check(result)
    }

    /// The body of a 200, and its `Cache-Control`. A redirect is not followed, and is a failure.
    func get(
        _ url: String, authorities: String?, timeout: Duration, bytesMax: Int
    ) throws(Failure) -> (body: [UInt8], cacheControl: String) {
        var body = [UInt8](repeating: 0, count: bytesMax)
        var length = 0
        var field = [CChar](repeating: 0, count: Self.cacheControlBytesMax)
        let fieldMax = field.count
        // SAFETY: each pointer is valid during the call, and passed with its own length.
        let result = unsafe Self.withOptional(authorities) { authorities in
            unsafe ccurl_get(
                handle, url, authorities, timeout.wholeMs, &body, bytesMax, &length, &field,
                fieldMax)
        }
        try Self.check(result)
        guard result.status == 200 else {
            throw Failure(message: "not a 200", status: result.status, isLoginDenied: false)
        }
        return (Array(body.prefix(length)), Self.text(field))
    }

    private static func check(_ result: ccurl_transfer) throws(Failure) {
        guard result.code != 0 else { return }
        // SAFETY: copies the bytes of a value that lives through the call.
        let message = unsafe withUnsafeBytes(of: result.message) { bytes in
            unsafe bytes.map { CChar(bitPattern: $0) }
        }
        throw Failure(
            message: text(message), status: result.status,
            isLoginDenied: ccurl_is_login_denied(result.code))
    }

    private static func text(_ characters: [CChar]) -> String {
        String(
            decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func withOptional<Result>(
        _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let text else { return body(nil) }
        // SAFETY: the pointer is valid during the call.
        return unsafe text.withCString(body)
    }
}

extension Duration {
    fileprivate var wholeMs: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
