/// The account that a server makes in an empty database. Its password is public on purpose.
enum DemoAccount {
    static let email = "demo@salsabeatmachine.org"
    static let password = "demo123"
}
