package import Wire

/// Which new passwords are refused. Length is the schema's; no rule asks for kinds of characters
/// (NIST SP 800-63B §5.1.1.2). `Protocol/accounts.md#passwords`.
package enum PasswordRule {
    /// - Throws: `weakPassword` with the path of `member`.
    package static func check(
        _ password: String, email: String, member: String
    ) throws(WireError) {
        let folded = password.lowercased()
        let address = EmailAddress.normalised(email)
        if folded == address || folded == address.prefix(while: { $0 != "@" }) {
            throw WireError(
                .weakPassword, "the password is the e-mail address", path: "/\(member)",
                allowed: "something that others do not know")
        }
        if CommonPasswords.all.contains(folded) || isOneCharacter(folded) {
            throw WireError(
                .weakPassword, "the password is one of the most common ones", path: "/\(member)",
                allowed: "something less common, such as four words")
        }
    }

    private static func isOneCharacter(_ text: String) -> Bool {
        text.allSatisfy { $0 == text.first }
    }
}
