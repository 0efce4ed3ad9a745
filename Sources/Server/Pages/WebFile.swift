import HTTP
import Model

/// A file of the page, as it is served. `Protocol/wire.md#page`.
struct WebFile: Sendable {
    let type: String
    let bytes: [UInt8]
    /// Whether pages of other sites may read it.
    let isShared: Bool
    let tag: EntityTag

    /// - Parameter path: in the folder of the page.
    init(path: String, bytes: [UInt8]) {
        let suffix = path.split(separator: ".").last.map(String.init) ?? ""
        type = Self.types[suffix] ?? "application/octet-stream"
        self.bytes = suffix == "js" ? Self.compact(bytes) : bytes
        isShared =
            path == "client.js" || path.hasPrefix("client/") || path == WebFiles.cataloguePath
        tag = EntityTag(of: self.bytes)
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "json": "application/json",
        "svg": "image/svg+xml",
    ]

    /// JavaScript without indents, and without the comments that have lines of their own. Lines
    /// keep their numbers. No text of ours goes over such a line: a test looks.
    static func compact(_ bytes: [UInt8]) -> [UInt8] {
        var isInside = false
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return Array(
            lines.map { line -> ArraySlice<UInt8> in
                let code = line.drop { $0 == UInt8(ascii: " ") }
                guard isInside || code.starts(with: "/*".utf8) else {
                    return code.starts(with: "//".utf8) ? [] : code
                }
                isInside = !code.suffix(2).elementsEqual("*/".utf8)
                return []
            }.joined(separator: [UInt8(ascii: "\n")]))
    }

    /// - Parameters:
    ///   - host: one that this server answers for: it goes into the policy.
    func response(host: String, ifNoneMatch known: String?) -> HTTP.Response {
        var response =
            tag.isKnown(ifNoneMatch: known)
            ? HTTP.Response(status: .notModified) : HTTP.Response(status: .ok, body: bytes)
        response.headers.set("ETag", tag.text)
        // Asked for each time: modules of two versions do not fit together.
        response.headers.set("Cache-Control", "no-cache")
        response.headers.set("Content-Type", type)
        response.headers.set("Referrer-Policy", "no-referrer")
        response.headers.set("Content-Security-Policy", Self.policy(host: host))
        if isShared { response.headers.set("Access-Control-Allow-Origin", "*") }
        return response
    }

    /// `Protocol/threats.md#page`. Older browsers do not take `'self'` for a WebSocket.
    private static func policy(host: String) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self' ws://\(host) wss://\(host); base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    }
}
