import ArgumentParser
import Model

/// How to open a session.
enum Credentials {
    case guest
    case password(email: String, password: String)

    /// - Parameter person: nil for a guest.
    static func of(
        _ person: String?, passwordFile: String?, _ terminal: Terminal
    ) throws -> Credentials {
        guard let person else { return .guest }
        if person == "demo", passwordFile == nil {
            return .password(email: DemoAccount.email, password: DemoAccount.password)
        }
        let email = person == "demo" ? DemoAccount.email : person
        if let passwordFile {
            guard let line = PasswordFile.firstLine(of: passwordFile) else {
                throw ValidationError("\(passwordFile) cannot be read, or its first line is empty.")
            }
            return .password(email: email, password: line)
        }
        guard let typed = terminal.askPassword("password for \(email): ") else {
            throw ValidationError("No password was typed; --password-file takes one from a file.")
        }
        return .password(email: email, password: typed)
    }
}
