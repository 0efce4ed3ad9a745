import Crypto
import Model
import Social
import Storage
import Wire

/// `pattern.play`: counts once per listener and window.
struct PlayPattern: Command {
    static let windowMs = Int64(Limits.playWindowMinutes) * 60_000

    let pattern: Identifier
    /// Whom a guest counts as.
    let listener: ClientNetwork?

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .play)
        let patterns = PatternStore(call.connection)
        let isCounted = try PlayStore(call.connection).note(
            pattern, listenerSHA256: listenerSHA256(call), nowMs: call.nowMs,
            windowMs: Self.windowMs)
        if isCounted {
            try patterns.countPlay(of: pattern)
            effects.append(.countersChanged(pattern))
        }
        return [
            "isCounted": .bool(isCounted),
            "playCount": .integer(try patterns.playCount(of: pattern)),
        ]
    }

    /// Of the pattern too: rows of two patterns cannot be brought together.
    private func listenerSHA256(_ call: CallContext) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: pattern.bytes)
        if let user = call.user {
            hash.update(data: user.bytes)
        } else {
            hash.update(data: listener?.bytes ?? [])
        }
        return Array(hash.finalize())
    }
}
