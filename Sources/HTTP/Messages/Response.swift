/// A whole response.
package struct Response: Sendable, Equatable {
    package var status: Status
    package var headers: HeaderFields
    package var body: [UInt8]

    package init(status: Status, headers: HeaderFields = HeaderFields(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A readable answer, `text/plain` in UTF-8.
    package init(status: Status, text: String, headers: HeaderFields = HeaderFields()) {
        self.init(status: status, headers: headers, body: Array(text.utf8))
        self.headers.set("Content-Type", "text/plain; charset=utf-8")
    }

    /// The bytes of the answer. `Content-Length` and `Connection` are set here; `Date` is the
    /// caller's, who has a clock.
    ///
    /// - Parameters:
    ///   - keepAlive: whether the connection is used again: the request's `keepsAlive`, unless the
    ///     server wants to close. Not looked at for 101, whose `Connection` is the upgrade's.
    ///   - version: of the request; an HTTP/1.0 client has to be told that the connection stays.
    ///   - omitsBody: for the answer to `HEAD`, whose `Content-Length` counts the body that a `GET`
    ///     would have had (RFC 9110 §9.3.2).
    package func serialised(
        keepAlive: Bool, version: Version = .http11, omitsBody: Bool = false
    ) -> [UInt8] {
        precondition((100...599).contains(status.code), "a status code has three digits")
        precondition(
            !status.forbidsBody || body.isEmpty, "RFC 9112 §6.3: \(status.code) has no body")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + headers.count * 48 + body.count)
        bytes.append(contentsOf: "HTTP/1.1 \(status.code) \(status.reason)\r\n".utf8)
        for field in headers.fields where !setsItself(field.name) {
            Self.append(field.name, field.value, to: &bytes)
        }
        // RFC 9110 §8.6: no Content-Length with 1xx and 204; with 304 it would name another body.
        if !status.forbidsBody {
            Self.append("Content-Length", String(body.count), to: &bytes)
        }
        if status != .switchingProtocols, !status.isInterim {
            if !keepAlive {
                Self.append("Connection", "close", to: &bytes)
            } else if version == .http10 {
                Self.append("Connection", "keep-alive", to: &bytes)
            }
        }
        bytes.append(contentsOf: "\r\n".utf8)
        if !omitsBody { bytes.append(contentsOf: body) }
        return bytes
    }

    /// The fields that say where the message ends are never taken from the caller.
    private func setsItself(_ name: String) -> Bool {
        Characters.equalIgnoringCase(name, "Content-Length")
            || Characters.equalIgnoringCase(name, "Transfer-Encoding")
            || status != .switchingProtocols && Characters.equalIgnoringCase(name, "Connection")
    }

    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: ": ".utf8)
        bytes.append(contentsOf: value.utf8)
        bytes.append(contentsOf: "\r\n".utf8)
    }
}
