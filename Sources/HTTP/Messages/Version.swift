/// The minor version of HTTP/1 that governs a message (RFC 9110 §2.5). A higher minor version than
/// 1 is treated as 1: it is the highest this code conforms to.
package enum Version: String, Hashable, Sendable {
    case http10 = "HTTP/1.0"
    case http11 = "HTTP/1.1"
}

extension Version {
    /// RFC 9112 §2.3: `HTTP/` DIGIT `.` DIGIT, case-sensitive.
    init(parsing bytes: ArraySlice<UInt8>) throws(ParseError) {
        let start = bytes.startIndex
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8),
            let major = Characters.digit(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."),
            let minor = Characters.digit(bytes[start + 7])
        else { throw .badVersion }
        guard major == 1 else { throw .unsupportedVersion }
        self = minor == 0 ? .http10 : .http11
    }
}
