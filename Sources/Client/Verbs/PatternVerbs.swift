import Model
import Wire

extension SalsaClient {
    /// Patterns outside their rooms.
    public var patterns: PatternVerbs { PatternVerbs(client: self) }
}

/// Patterns outside their rooms, by their ids: `client.patterns`. `Protocol/patterns.md`.
///
/// All throw `refused` with what the server says (`Protocol/wire.md#errors`): `notFound` for what
/// the caller may not see either, `forbidden` for what they see and may not do, guests too, and
/// `unauthenticated` once the session has ended; `timedOut` and the other cases of `ClientError`
/// when there is no answer. A write that was sent again after a lost connection is done once.
public struct PatternVerbs: Sendable {
    let client: SalsaClient

    // MARK: - One's own

    /// Makes a pattern. What is left out is as the caller's preferences say, and the instruments
    /// are all of the flavor.
    public func create(
        title: String, description: String? = nil, flavor: String? = nil, bpm: Int? = nil,
        keyNote: Int? = nil, isPublic: Bool? = nil,
        instruments: [PatternDocument.Instrument]? = nil
    ) async throws(ClientError) -> Pattern {
        try await client.ask(
            .patternCreate,
            [
                "title": title, "description": description, "flavor": flavor, "bpm": bpm,
                "keyNote": keyNote, "isPublic": isPublic,
                "configuration": instruments.map(PatternDocument.configuration),
            ], at: "pattern")
    }

    /// A pattern as it stands now.
    public func get(_ pattern: String) async throws(ClientError) -> Pattern {
        try await client.ask(.patternGet, ["pattern": pattern], at: "pattern")
    }

    /// The caller's own patterns, or those that somebody has published; newest first.
    public func list(owner: String? = nil) -> Listing<PatternSummary> {
        Listing(client, .patternList, ["owner": owner], at: "patterns")
    }

    /// Changes what is given, as an edit of the pattern's room would.
    /// - Throws: `refused` with the code and the path of an edit, such as `outOfRange`.
    public func update(
        _ pattern: String, title: String? = nil, description: String? = nil,
        flavor: String? = nil, bpm: Int? = nil, keyNote: Int? = nil,
        instruments: [PatternDocument.Instrument]? = nil
    ) async throws(ClientError) -> Pattern {
        try await client.ask(
            .patternUpdate,
            [
                "pattern": pattern, "title": title, "description": description,
                "flavor": flavor, "bpm": bpm, "keyNote": keyNote,
                "configuration": instruments.map(PatternDocument.configuration),
            ], at: "pattern")
    }

    /// Lets everybody see it.
    @discardableResult
    public func publish(_ pattern: String) async throws(ClientError) -> Pattern {
        try await client.ask(.patternPublish, ["pattern": pattern], at: "pattern")
    }

    /// Shows it to its collaborators only.
    @discardableResult
    public func unpublish(_ pattern: String) async throws(ClientError) -> Pattern {
        try await client.ask(.patternUnpublish, ["pattern": pattern], at: "pattern")
    }

    /// Deletes it; `restore` brings it back for a week.
    /// - Returns: until when, in milliseconds since 1970.
    @discardableResult
    public func delete(_ pattern: String) async throws(ClientError) -> Int64 {
        try await client.ask(.patternDelete, ["pattern": pattern], at: "restorableUntilMs")
    }

    /// - Throws: `refused` with `expired` when it is too late.
    @discardableResult
    public func restore(_ pattern: String) async throws(ClientError) -> Pattern {
        try await client.ask(.patternRestore, ["pattern": pattern], at: "pattern")
    }

    /// What the caller deleted and can have back.
    public func deleted() -> Listing<DeletedPattern> {
        Listing(client, .patternDeleted, at: "patterns")
    }

    // MARK: - Those of others

    /// Finds patterns that everybody may see.
    /// - Parameters:
    ///   - bpm: dance counts per minute.
    ///   - instrument: the id of one that sounds in it.
    ///   - text: words of its title, its description or its owner's name; accents do not count.
    ///   - sort: `newest`, `mostPlayed`, `mostLiked` or `trending`; if left out the newest, or
    ///     with `text` what has it in the title.
    /// - Throws: from a page: `refused` with `expired` when its ranking is too old; begin again.
    public func discover(
        flavor: String? = nil, bpm: ClosedRange<Int>? = nil, keyNote: Int? = nil,
        instrument: String? = nil, owner: String? = nil, text: String? = nil,
        sort: String? = nil
    ) -> Listing<PatternSummary> {
        Listing(
            client, .patternDiscover,
            [
                "flavor": flavor, "bpmMin": bpm?.lowerBound, "bpmMax": bpm?.upperBound,
                "keyNote": keyNote, "instrument": instrument, "owner": owner, "text": text,
                "sort": sort,
            ], at: "patterns")
    }

    /// Makes a pattern of one's own that starts as another stands.
    /// - Parameter title: the original's with "(fork)" if left out.
    public func fork(
        _ pattern: String, title: String? = nil
    ) async throws(ClientError) -> Pattern {
        try await client.ask(.patternFork, ["pattern": pattern, "title": title], at: "pattern")
    }

    /// Says that it is being listened to: counts once per listener and half hour.
    /// - Returns: how many have listened.
    @discardableResult
    public func play(_ pattern: String) async throws(ClientError) -> Int {
        try await client.ask(.patternPlay, ["pattern": pattern], at: "playCount")
    }

    /// Likes it; a second time changes nothing.
    /// - Returns: how many like it.
    @discardableResult
    public func like(_ pattern: String) async throws(ClientError) -> Int {
        try await client.ask(.patternLike, ["pattern": pattern], at: "likeCount")
    }

    /// Takes a like back.
    /// - Returns: how many like it.
    @discardableResult
    public func unlike(_ pattern: String) async throws(ClientError) -> Int {
        try await client.ask(.patternUnlike, ["pattern": pattern], at: "likeCount")
    }

    /// Who likes it; the latest first.
    public func likes(_ pattern: String) -> Listing<ListedUser> {
        Listing(client, .patternLikes, ["pattern": pattern], at: "users")
    }

    // MARK: - Comments

    /// Writes a comment, or answers one.
    /// - Parameters:
    ///   - text: 1...5,000 characters, not only blanks.
    ///   - parent: the comment that is answered.
    @discardableResult
    public func comment(
        _ pattern: String, _ text: String, answering parent: String? = nil
    ) async throws(ClientError) -> Comment {
        try await client.ask(
            .commentCreate, ["pattern": pattern, "text": text, "parent": parent], at: "comment")
    }

    /// The comments that answer none; the latest first. Answers: `client.comments.replies`.
    public func comments(_ pattern: String) -> Listing<Comment> {
        Listing(client, .commentList, ["pattern": pattern], at: "comments")
    }
}

extension PatternDocument {
    static func configuration(of instruments: [Instrument]) -> JSON {
        [
            "instruments": .array(
                instruments.map { instrument in
                    .object(
                        JSON.Object([
                            "id": instrument.id, "enabled": instrument.isEnabled,
                            "activeProgram": instrument.activeProgram,
                            "volume": instrument.volume, "pitchOffset": instrument.pitchOffset,
                        ]))
                })
        ]
    }
}
