/// In which order patterns are found. `Protocol/discover.md`.
package enum DiscoverSort: String, CaseIterable, Sendable {
    case newest, mostPlayed, mostLiked, trending
}
