import Model

/// Sessions that end while a token is being looked up: what the look-up has read may be older than
/// that. Without it a socket could open with a session that is over, and nobody would close it.
struct SessionLookups {
    private var endedDuring: [UInt64: Set<Identifier>] = [:]

    mutating func begin(_ lookup: UInt64) { endedDuring[lookup] = [] }

    /// These sessions are over.
    mutating func note(_ ended: Set<Identifier>) {
        for lookup in endedDuring.keys { endedDuring[lookup]?.formUnion(ended) }
    }

    /// - Returns: whether the session that was found has not ended meanwhile.
    mutating func finish(_ lookup: UInt64, found session: Identifier?) -> Bool {
        let ended = endedDuring.removeValue(forKey: lookup) ?? []
        return session.map { !ended.contains($0) } ?? false
    }
}
