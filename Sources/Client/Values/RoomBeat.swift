import Model
package import Wire

/// What a room plays, for all who are in it. `Protocol/playing.md`.
public struct RoomBeat: Hashable, Sendable {
    private let playing: RoomPlaying

    package init(_ playing: RoomPlaying) { self.playing = playing }

    /// The step that sounds at a time of the server's clock (`ServerClock`), counted from the
    /// start; nil while nothing sounds.
    public func step(atServerMs ms: Int64) -> Int64? { playing.beat.step(atMs: ms) }

    /// The position in the beat in steps, with fractions.
    public func position(atServerMs ms: Int64) -> Double? {
        playing.beat.parts(atMs: ms).map { Double($0) / Double(BeatSegment.partsPerStep) }
    }

    /// Whether something sounds at that time, or will.
    public func isPlaying(atServerMs ms: Int64) -> Bool { !playing.beat.hasEnded(atMs: ms) }

    /// Instruments of which alone is to be heard; everything when it is empty.
    public var solo: [String] { playing.solo.map(\.rawValue) }

    /// Who leads, while somebody does.
    public var leaderName: String? { playing.lead?.name }

    /// What only who leads may do: `tempo`, `start`, `solo`.
    public var locks: Set<String> { Set(playing.lead?.locks.map(\.rawValue) ?? []) }
}
