package import Model

/// A notice as a client holds it. `Protocol/notifications.md#notices`.
package struct Notice: Hashable, Sendable {
    package let number: Int64
    package let kind: NoticeKind
    /// Nil when they are gone.
    package let actor: Identifier?
    package let pattern: Identifier?
    package internal(set) var isRead: Bool
    /// All of it, as it came.
    package let json: JSON

    /// Nil for one of a kind that this version does not know, and for one that was taken away.
    package init?(_ json: JSON) {
        guard let number = json["number"]?.int, json["isRetracted"]?.bool != true,
            let kind = json["kind"]?.string.flatMap(NoticeKind.init)
        else { return nil }
        self.number = number
        self.kind = kind
        actor = json["actor"]?["id"]?.string.flatMap { Identifier($0) }
        pattern = json["pattern"]?["id"]?.string.flatMap { Identifier($0) }
        isRead = json["isRead"]?.bool ?? false
        self.json = json
    }
}
