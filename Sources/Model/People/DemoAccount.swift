/// The account that a server makes in an empty database. Its password is public on purpose.
package enum DemoAccount {
    package static let email = "demo@salsabeatmachine.org"
    package static let password = "demo123"
}
