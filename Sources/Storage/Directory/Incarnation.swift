/// Which history a database tells, and how far: kept in the database and in a file beside it.
package struct Incarnation: Hashable, Sendable {
    /// When the history began, in wall milliseconds, and its name: greater than any before it.
    package var epochMs: Int64
    /// Transactions of the journal in the whole life of the database.
    package var commits: Int64

    package init(epochMs: Int64, commits: Int64) {
        self.epochMs = epochMs
        self.commits = commits
    }

    /// Magic, epoch, commits and a check sum, 8 bytes each: one write, inside one disk sector.
    static let recordBytes = 32
    private static let magic: UInt64 = 0x5361_6c73_6149_6e31  // "SalsaIn1"

    /// The fixed-width record of the `incarnation` file, big-endian.
    var record: [UInt8] {
        let words = [Self.magic, UInt64(bitPattern: epochMs), UInt64(bitPattern: commits)]
        return (words + [Self.checkSum(words)]).flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }

    /// Nil when the bytes are not a whole, undamaged record.
    init?(record: [UInt8]) {
        guard record.count == Self.recordBytes else { return nil }
        let words = (0..<4).map { index in
            record[index * 8..<index * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard words[0] == Self.magic, words[3] == Self.checkSum(Array(words[..<3])) else {
            return nil
        }
        self.init(epochMs: Int64(bitPattern: words[1]), commits: Int64(bitPattern: words[2]))
    }

    /// FNV-1a over words: enough to tell a torn or foreign record.
    private static func checkSum(_ words: [UInt64]) -> UInt64 {
        words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
    }

    /// The incarnation to serve under, and whether it is a new one.
    ///
    /// The database counts its commits inside its transactions; the file is written after each,
    /// unsynced. So the file may lag (a crash came in between) but an honest past never lets it
    /// lead. If it leads, or the epochs differ, or one of the two is missing or unreadable, then
    /// somebody put an older or another database here: numbers that clients hold may soon mean
    /// other edits, and a new epoch tells them so. An older copy of the *whole* directory cannot be
    /// told from the inside; then a client's cursor above a room's head tells it.
    static func reconcile(
        stored: Incarnation?, filed: Incarnation?, nowMs: Int64
    ) -> (incarnation: Incarnation, isNew: Bool) {
        if let stored, let filed, stored.epochMs == filed.epochMs, filed.commits <= stored.commits {
            return (stored, false)
        }
        let newest = max(stored?.epochMs ?? 0, filed?.epochMs ?? 0)
        let epoch = max(nowMs, newest + 1)
        // The greater count, so that the file never leads inside the new epoch either.
        let commits = max(stored?.commits ?? 0, filed?.commits ?? 0)
        return (Incarnation(epochMs: epoch, commits: commits), true)
    }
}
