/// Addresses as they are compared: people write their own in more than one way.
package enum EmailAddress {
    /// Lower case, without white space around it. Two addresses are the same account when these
    /// are equal.
    package static func normalised(_ address: String) -> String {
        let trimmed = address.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }
        return end.map { trimmed[...$0].lowercased() } ?? ""
    }
}
