/// One step of the way that a request has come, as a proxy wrote it down.
package enum ForwardedHop: Equatable, Sendable {
    /// Without its port; an IPv6 address in brackets or, in `X-Forwarded-For`, as it stood. Whether
    /// it is an address at all, the caller finds out.
    case host(String)
    /// No `for` at all, or what cannot be read.
    case unknown

    /// The hops of one field line of `Forwarded` (RFC 7239 §4), the farthest first. A line that is
    /// not well formed is one unknown hop: where its elements end cannot be told.
    package static func forwarded(_ line: String) -> [ForwardedHop] {
        var cursor = FieldCursor(line)
        var hops: [ForwardedHop] = []
        while cursor.nextElement() {
            guard let hop = element(&cursor), cursor.endsElement() else { return [.unknown] }
            hops.append(hop)
        }
        return hops
    }

    /// The hops of one field line of `X-Forwarded-For`, the farthest first.
    package static func xForwardedFor(_ line: String) -> [ForwardedHop] {
        line.split(separator: ",", omittingEmptySubsequences: false).map {
            node(String(Characters.trimmed($0)), needsBrackets: false)
        }
    }

    // MARK: - Pieces

    /// `[ forwarded-pair ] *( ";" [ forwarded-pair ] )`; nil when it is not well formed.
    private static func element(_ cursor: inout FieldCursor) -> ForwardedHop? {
        var hop: ForwardedHop?
        repeat {
            cursor.skipSpace()
            // The colon of a port, which proxies leave unquoted although §4 wants quotes.
            guard let name = cursor.token() else { continue }
            guard cursor.take(UInt8(ascii: "=")),
                let value = cursor.tokenOrQuotedString(allowing: UInt8(ascii: ":"))
            else { return nil }
            if Characters.equalIgnoringCase(name, "for") {
                // §4: "each parameter MUST NOT occur more than once per field-value".
                guard hop == nil else { return nil }
                hop = node(value, needsBrackets: true)
            }
            cursor.skipSpace()
        } while cursor.take(UInt8(ascii: ";"))
        return hop ?? .unknown
    }

    /// §6: an IPv4 address, or an IPv6 address in brackets, each with or without a port. `unknown`
    /// and obfuscated names (§6.3) look like hosts.
    ///
    /// - Parameter needsBrackets: false where an IPv6 address may also stand alone.
    private static func node(_ text: String, needsBrackets: Bool) -> ForwardedHop {
        var host = text[...]
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[end...].dropFirst()) else {
                return .unknown
            }
            host = text[...end]
            guard host.contains(":") else { return .unknown }
        } else if let colon = text.firstIndex(of: ":") {
            let isBare = text[colon...].dropFirst().contains(":")
            if isBare {
                guard !needsBrackets else { return .unknown }
            } else {
                guard isPort(text[colon...]) else { return .unknown }
                host = text[..<colon]
            }
        }
        return .host(String(host))
    }

    /// Nothing, or `":"` with digits or an obfuscated port behind it (§6.2).
    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        let port = text.dropFirst()
        guard text.first == ":", !port.isEmpty else { return false }
        if port.first == "_" { return Characters.isToken(String(port)) }
        return port.utf8.count <= 5 && port.utf8.allSatisfy { (48...57).contains($0) }
    }
}
