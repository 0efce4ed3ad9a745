import Crypto
import Model
import Social
import Storage
import Wire

/// What attempts are counted for. `Protocol/accounts.md#throttling`.
///
/// An attempt is noted as failed before it is judged, and released when it turns out well: so many
/// at once do not get more tries than one after the other.
struct Throttle: Sendable {
    private struct Subject: Sendable {
        let rule: ThrottleRule
        let sha256: [UInt8]

        init(_ rule: ThrottleRule, _ kind: String, _ parts: [[UInt8]]) {
            self.rule = rule
            var hash = SHA256()
            hash.update(data: Array(kind.utf8))
            // Lengths keep what stands side by side apart.
            for part in parts { hash.update(data: Array("/\(part.count)/".utf8) + part) }
            sha256 = Array(hash.finalize())
        }
    }

    private let subjects: [Subject]

    /// Trying a password, also of an address that nobody has.
    ///
    /// - Parameter isFamiliar: whether the account was signed in from there before. Then what
    ///   strangers do elsewhere, or to other accounts, does not count.
    static func password(
        emailNormalised: String, from client: ClientTrace, isFamiliar: Bool
    ) -> Throttle {
        let email = Array(emailNormalised.utf8)
        var subjects = [Subject(.pair, "pair", [email, client.networkSHA256])]
        if !isFamiliar {
            subjects.append(Subject(.account, "account", [email]))
            if client.isCounted {
                subjects.append(Subject(.network, "network", [client.networkSHA256]))
            }
        }
        return Throttle(subjects: subjects)
    }

    /// Nil for this machine itself, whose registrations are not counted.
    static func registration(from client: ClientTrace) -> Throttle? {
        guard client.isCounted else { return nil }
        return Throttle(
            subjects: [Subject(.registration, "registration", [client.networkSHA256])])
    }

    static func rename(of user: Identifier) -> Throttle {
        Throttle(subjects: [Subject(.rename, "rename", [user.bytes])])
    }

    static func letters(to emailNormalised: String) -> Throttle {
        Throttle(subjects: [Subject(.letters, "letters", [Array(emailNormalised.utf8)])])
    }

    /// Apart from those with a link: they cannot keep somebody from being told.
    static func warnings(to emailNormalised: String) -> Throttle {
        Throttle(subjects: [Subject(.letters, "warnings", [Array(emailNormalised.utf8)])])
    }

    /// Notes an attempt.
    ///
    /// - Throws: `throttled`; then nothing is noted.
    func reserve(on connection: any Connection, nowMs: Int64) throws -> Reservation {
        let store = ThrottleStore(connection)
        let counts = try subjects.map { ($0, try store.find($0.sha256)) }
        let delayMs = counts.map { subject, count in
            count.map {
                subject.rule.delayMs(
                    failures: $0.failures, lastFailureMs: $0.lastFailureMs, nowMs: nowMs)
            } ?? 0
        }.max() ?? 0
        guard delayMs == 0 else {
            throw WireError(
                .throttled, "too many attempts; wait before the next",
                retryAfterMs: delayMs)
        }
        var entries: [Reservation.Entry] = []
        for (subject, former) in counts {
            let noted = ThrottleStore.Count(
                failures: subject.rule.adding(
                    to: former?.failures ?? 0, lastFailureMs: former?.lastFailureMs ?? nowMs,
                    nowMs: nowMs), lastFailureMs: nowMs)
            try store.set(noted, of: subject.sha256)
            entries.append(
                Reservation.Entry(subject: subject.sha256, former: former, noted: noted))
        }
        try store.forgetOld(nowMs: nowMs)
        return Reservation(entries: entries)
    }

    /// An attempt that was noted.
    struct Reservation: Sendable {
        fileprivate struct Entry: Sendable {
            let subject: [UInt8]
            let former: ThrottleStore.Count?
            let noted: ThrottleStore.Count
        }

        fileprivate let entries: [Entry]

        /// It went well: what was noted of it is taken back, and what others noted since stays.
        func release(on connection: any Connection) throws {
            let store = ThrottleStore(connection)
            for entry in entries {
                guard let count = try store.find(entry.subject) else { continue }
                if count == entry.noted {
                    try store.set(entry.former, of: entry.subject)
                } else if count.failures > 1 {
                    try store.set(
                        ThrottleStore.Count(
                            failures: count.failures - 1, lastFailureMs: count.lastFailureMs),
                        of: entry.subject)
                } else {
                    try store.set(nil, of: entry.subject)
                }
            }
        }
    }
}
