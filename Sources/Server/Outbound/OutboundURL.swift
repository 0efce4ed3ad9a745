/// Where the server itself connects to.
package struct OutboundURL: Hashable, Sendable {
    package let text: String
    package let scheme: String
    /// Whether it stays on this machine.
    package let isLoopback: Bool

    /// `scheme://host[:port][/path]` without user information; nil for anything else.
    package init?(_ text: String, schemes: [String]) {
        guard let colon = text.firstRange(of: "://"),
            text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        let authority = text[colon.upperBound...].prefix { !"/?#".contains($0) }
        guard schemes.contains(scheme), !authority.isEmpty,
            !authority.contains(where: { "@\\".contains($0) })
        else { return nil }
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
        } else {
            host = authority.prefix { $0 != ":" }
        }
        guard !host.isEmpty else { return nil }
        isLoopback = Self.isLoopback(host.lowercased())
        self.text = text
    }

    /// A name such as `127.evil.example` is none.
    private static func isLoopback(_ host: String) -> Bool {
        if ["localhost", "::1"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
