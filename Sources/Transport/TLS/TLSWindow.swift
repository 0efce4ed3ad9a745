/// The part of a read buffer that holds encrypted bytes, and how much of one drain is used up.
struct TLSWindow {
    /// What was received and not yet read by OpenSSL is `start..<end`.
    private(set) var start: Int
    var end: Int
    /// Where received bytes may stand: `base..<limit`.
    let base: Int
    let limit: Int
    /// The kernel has no more for now.
    var emptied = false
    /// Bytes taken so far, and how many one drain takes.
    private(set) var taken = 0
    let takenMax: Int

    init(base: Int, limit: Int, takenMax: Int) {
        start = base
        end = base
        self.base = base
        self.limit = limit
        self.takenMax = takenMax
    }

    /// Moves past `count` encrypted bytes, which gave `plainCount` plain ones.
    mutating func take(_ count: Int, giving plainCount: Int = 0) {
        start += count
        // Plain bytes can come out of a record that was taken before.
        taken += max(count, plainCount)
    }

    /// Everything was taken: the next bytes stand at the base again.
    mutating func rewind() {
        start = base
        end = base
    }
}
