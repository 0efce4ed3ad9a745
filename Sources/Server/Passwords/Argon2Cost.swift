/// What an Argon2id PHC string asks for: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
struct Argon2Cost: Hashable {
    /// A stored text must not be able to take the machine's memory or time (imports, backups).
    static let memoryKiBMax: UInt32 = 256 * 1_024
    static let passesMax: UInt32 = 16
    static let lanesMax: UInt32 = 8

    var version: UInt32
    var memoryKiB: UInt32
    var passes: UInt32
    var lanes: UInt32

    /// Nil when the text is not of this form.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id",
            let version = Self.number(parts[2], after: "v=")
        else { return nil }
        let costs = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3, let memory = Self.number(costs[0], after: "m="),
            let passes = Self.number(costs[1], after: "t="),
            let lanes = Self.number(costs[2], after: "p=")
        else { return nil }
        self.version = version
        self.memoryKiB = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// Whether we are willing to do that work.
    var isBearable: Bool {
        memoryKiB <= Self.memoryKiBMax && passes <= Self.passesMax && lanes <= Self.lanesMax
    }

    /// Whether a hash made today would ask for the same.
    var isCurrent: Bool {
        version == 0x13 && memoryKiB == PasswordHash.memoryKiB && passes == PasswordHash.passes
            && lanes == PasswordHash.lanes
    }

    private static func number(_ text: Substring, after prefix: String) -> UInt32? {
        text.hasPrefix(prefix) ? UInt32(text.dropFirst(prefix.count)) : nil
    }
}
