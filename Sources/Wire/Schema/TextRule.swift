/// Which characters a text may have.
package enum TextRule: Sendable {
    /// Any characters, kept byte for byte instead of being normalised.
    case exact
    /// No control characters.
    case line
    /// Line breaks and tabs, but no other control characters.
    case multiline
    /// A name that people tell others by: what can be seen, with single spaces between words.
    case name
    /// Printable ASCII.
    case ascii
    /// The alphabet of RFC 6750 §2.1: letters, digits and `-._~+/=`.
    case token
    /// An address that mail can go to: a dot-atom (RFC 5322 §3.4.1, RFC 6531) and a domain.
    case email
    /// An absolute `https` or `http` URL (RFC 3986) without user information.
    case url

    /// In words, behind "text of 1 to 100 characters".
    var words: String {
        switch self {
        case .exact: ""
        case .line: " without control characters"
        case .multiline: " without control characters other than line breaks and tabs"
        case .name: " that can be seen, with single spaces between words"
        case .ascii: " of printable ASCII"
        case .token: " of A-Z, a-z, 0-9 and -._~+/="
        case .email: ": an e-mail address"
        case .url: ": a URL that begins with https:// or http://"
        }
    }

    /// The same, as far as a regular expression of ECMA-262 can tell.
    var pattern: String? {
        switch self {
        case .exact: nil
        case .line: #"^[^\u0000-\u001f\u007f-\u009f]*$"#
        case .multiline: #"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"#
        case .name: #"^[^\s\u0000-\u001f\u007f-\u009f]+(?: [^\s\u0000-\u001f\u007f-\u009f]+)*$"#
        case .ascii: #"^[\u0020-\u007e]*$"#
        case .token: #"^[A-Za-z0-9._~+/=-]*$"#
        case .email: #"^[^@\s]+@[^@\s]+$"#
        case .url: #"^[Hh][Tt][Tt][Pp][Ss]?://[!-~]+$"#
        }
    }

    func allows(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return switch self {
        case .exact: true
        case .line: !scalars.contains(where: Self.isControl)
        case .multiline: scalars.allSatisfy { !Self.isControl($0) || Self.isLayout($0) }
        case .name: VisibleName.allows(Array(scalars))
        case .ascii: scalars.allSatisfy { 0x20...0x7E ~= $0.value }
        case .token: text.utf8.allSatisfy(Self.isToken)
        case .email: EmailShape.allows(text)
        case .url: Self.isURL(text)
        }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
    }

    /// Tab, line feed and carriage return.
    private static func isLayout(_ scalar: Unicode.Scalar) -> Bool {
        [0x09, 0x0A, 0x0D].contains(scalar.value)
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~+/=".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    /// RFC 3986 §2: what is no delimiter, no unreserved character and no `%` is written with `%`.
    private static func isURL(_ text: String) -> Bool {
        guard let colon = text.firstRange(of: "://"),
            ["https", "http"].contains(text[..<colon.lowerBound].lowercased()),
            text.utf8.allSatisfy({
                isAlphanumeric($0) || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains($0)
            })
        else { return false }
        let authority = text[colon.upperBound...].prefix { !"/?#".contains($0) }
        guard let first = authority.utf8.first, isAlphanumeric(first) || first == UInt8(ascii: "[")
        else { return false }
        // What stands before an @ is taken for the host by people, and not by browsers.
        return !authority.contains("@")
    }
}
