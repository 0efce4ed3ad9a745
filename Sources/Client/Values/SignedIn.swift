import Model

/// The result of a sign-in. Keep the token: it is valid for 30 days after its last use.
public struct SignedIn: Hashable, Sendable {
    public let token: String
    /// Milliseconds since 1970.
    public let expiresMs: Int64
    public let displayName: String

    init?(json: JSON) {
        guard let token = json["token"]?.string else { return nil }
        self.token = token
        expiresMs = json["expiresMs"]?.int ?? 0
        displayName = json["user"]?["displayName"]?.string ?? ""
    }
}
