/// Which addresses are written to. What an account may have is stricter; this is what keeps a
/// letter's head and an SMTP dialogue from being anything else.
package enum MailAddress {
    package static func isSafe(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
            && !address.hasPrefix("-")
            && address.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && !(0x7F...0x9F ~= scalar.value)
                    && !scalar.properties.isWhitespace && !"<>()[],;:\"\\".unicodeScalars
                        .contains(scalar)
            }
    }
}
