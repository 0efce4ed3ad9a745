package import Model

/// What one author did to a pattern in one go. `Protocol/history.md#entries`.
public struct HistoryEntry: Hashable, Sendable {
    /// Of the document after it: what `restore` and `document(at:)` take.
    public let number: Int64
    /// Nil when it is not known, or there is no such account any more.
    public let userName: String?
    /// 0 for how the pattern began.
    public let editCount: Int
    /// Pointers to what was changed.
    public let paths: [String]
    /// Milliseconds since 1970.
    public let firstAtMs: Int64
    public let lastAtMs: Int64

    package init?(json: JSON) {
        guard let number = json["number"]?.int, let lastAtMs = json["lastAtMs"]?.int else {
            return nil
        }
        self.number = number
        self.lastAtMs = lastAtMs
        userName = json["userName"]?.string
        editCount = Int(json["editCount"]?.int ?? 0)
        paths = (json["paths"]?.array ?? []).compactMap(\.string)
        firstAtMs = json["firstAtMs"]?.int ?? lastAtMs
    }
}
