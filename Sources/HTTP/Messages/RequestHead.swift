/// The request line and the fields (RFC 9112 §3 and §5).
package struct RequestHead: Sendable, Equatable {
    package let method: Method
    /// As it came, percent-encoding untouched.
    package let target: String
    /// The path of the target: begins with `/`, or is `*` for `OPTIONS *`. Not percent-decoded.
    package let path: String
    /// What follows the first `?`; nil when there is none. Not percent-decoded.
    package let query: String?
    /// The authority asked for: that of an absolute-form target, else the `Host` field
    /// (RFC 9112 §3.2.2: the field is ignored then). Empty when an HTTP/1.0 client names none.
    package let host: String
    package let version: Version
    package let headers: HeaderFields

    package init(
        method: Method, path: String, query: String? = nil, host: String,
        version: Version = .http11, headers: HeaderFields
    ) {
        self.init(
            method: method, target: RequestTarget(path: path, query: query, authority: nil),
            version: version, host: host, headers: headers)
    }

    init(
        method: Method, target: RequestTarget, version: Version, host: String,
        headers: HeaderFields
    ) {
        self.method = method
        self.target = target.query.map { "\(target.path)?\($0)" } ?? target.path
        self.path = target.path
        self.query = target.query
        self.host = target.authority ?? host
        self.version = version
        self.headers = headers
    }

    /// Whether the client wants to use this connection again (RFC 9112 §9.3).
    package var keepsAlive: Bool { Persistence.keepsAlive(version: version, headers: headers) }
}
