/// The services that the data model knows; their names are those of `users.oauth_provider`.
package enum ProviderName: String, CaseIterable, Sendable {
    case google, apple, facebook
}
