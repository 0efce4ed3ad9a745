import Crypto
import HTTP
import Model

/// The strong tag of some bytes. RFC 9110 §8.8.3.
struct EntityTag: Sendable {
    let text: String

    init(of bytes: [UInt8]) {
        text = "\"\(Hexadecimal.text(Array(SHA256.hash(data: bytes).prefix(16))))\""
    }

    /// RFC 9110 §13.1.2: whether a client that sends this `If-None-Match` has the bytes already.
    func isKnown(ifNoneMatch known: String?) -> Bool {
        known?.split(separator: ",").contains { item in
            let name = item.trimmed
            return name == "*" || name == text || name == "W/" + text
        } ?? false
    }
}

extension Substring {
    /// Without the optional white space around an element of a list (RFC 9110 §5.6.1).
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
