import HTTP
import Transport

/// One step of the way that a request has come, as a proxy wrote it down.
enum ForwardedHop: Equatable {
    case address(SocketAddress)
    /// `unknown`, an obfuscated name (RFC 7239 §6.3), no `for` at all, or what cannot be read.
    case unknown

    /// The hops of one field line of `Forwarded` (RFC 7239 §4), the farthest first. A line that is
    /// not well formed is one unknown hop: where its elements end cannot be told.
    static func forwarded(_ line: String) -> [ForwardedHop] {
        var rest = Array(line.utf8)[...]
        var hops: [ForwardedHop] = []
        var hop: ForwardedHop?
        while true {
            skipBlanks(&rest)
            if let byte = rest.first, byte != UInt8(ascii: ","), byte != UInt8(ascii: ";") {
                guard let (name, value) = pair(&rest) else { return [.unknown] }
                if name == "for" {
                    // §4: "each parameter MUST NOT occur more than once per field-value".
                    guard hop == nil else { return [.unknown] }
                    hop = node(value, needsBrackets: true)
                }
                skipBlanks(&rest)
            }
            switch rest.popFirst() {
            case UInt8(ascii: ";"): continue
            case UInt8(ascii: ","), nil:
                hops.append(hop ?? .unknown)
                hop = nil
                if rest.isEmpty { return hops }
            default: return [.unknown]
            }
        }
    }

    /// The hops of one field line of `X-Forwarded-For`, the farthest first.
    static func xForwardedFor(_ line: String) -> [ForwardedHop] {
        line.split(separator: ",", omittingEmptySubsequences: false).map {
            var bytes = Array($0.utf8)[...]
            skipBlanks(&bytes)
            while let last = bytes.last, isBlank(last) { bytes.removeLast() }
            return node(String(decoding: bytes, as: UTF8.self), needsBrackets: false)
        }
    }

    // MARK: - Pieces

    /// `token "=" ( token / quoted-string )`, the name in lower case.
    private static func pair(_ rest: inout ArraySlice<UInt8>) -> (String, String)? {
        let name = token(&rest)
        guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
        guard rest.first == UInt8(ascii: "\"") else {
            let value = token(&rest)
            return value.isEmpty ? nil : (name.lowercased(), value)
        }
        rest.removeFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return (name.lowercased(), String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            default: value.append(byte)
            }
        }
        return nil
    }

    private static func token(_ rest: inout ArraySlice<UInt8>) -> String {
        let end = rest.firstIndex { !isTokenByte($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    /// A token, and the colon of a port, which proxies leave unquoted although §4 wants quotes.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":")
            || Characters.isToken(String(decoding: [byte], as: UTF8.self))
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop(while: isBlank)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// §6: an IPv4 address, or an IPv6 address in brackets, each with or without a port.
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
        return SocketAddress(host: String(host), port: 0).map { .address($0) } ?? .unknown
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
