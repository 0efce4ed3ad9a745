/// The rule of RFC 9112 §9.3 for messages of either direction.
enum Persistence {
    static func keepsAlive(version: Version, headers: HeaderFields) -> Bool {
        if headers.hasToken("close", in: "Connection") { return false }
        switch version {
        case .http11: return true
        case .http10: return headers.hasToken("keep-alive", in: "Connection")
        }
    }
}
