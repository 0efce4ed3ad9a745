/// What an e-mail address must look like to be written to; whether it exists, a letter tells.
enum EmailShape {
    /// RFC 5321 §4.5.3.1, in octets.
    private static let localBytesMax = 64
    private static let domainBytesMax = 255
    private static let labelBytesMax = 63

    static func allows(_ text: String) -> Bool {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = text[..<at]
        let domain = text[text.utf8.index(after: at)...]
        return local.utf8.count <= localBytesMax && domain.utf8.count <= domainBytesMax
            && parts(of: local).allSatisfy { $0.allSatisfy(isAtom) && !$0.isEmpty }
            && parts(of: domain).allSatisfy(isLabel)
    }

    private static func parts(of text: Substring) -> [Substring.UnicodeScalarView.SubSequence] {
        text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
    }

    /// RFC 5322 §3.2.3, and with RFC 6531 §3.3 whatever can be seen beyond ASCII.
    private static func isAtom(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isAlphanumeric(scalar) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
        }
        return VisibleName.allows([scalar])
    }

    private static func isLabel(_ label: Substring.UnicodeScalarView.SubSequence) -> Bool {
        1...labelBytesMax ~= Substring(label).utf8.count && label.first != "-" && label.last != "-"
            && label.allSatisfy { scalar in
                scalar.isASCII
                    ? isAlphanumeric(scalar) || scalar == "-" : VisibleName.allows([scalar])
            }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || 0x30...0x39 ~= scalar.value)
    }
}
