/// When a letter that did not go through is tried again. `Protocol/mail.md#on-its-way`.
package enum MailRetry {
    /// A mail server that defers who it does not know (greylisting) takes them after minutes.
    package static let delayMsMin: Int64 = 60_000
    package static let delayMsMax: Int64 = 3_600_000
    /// A mail server that restarts is back within seconds.
    package static let pauseMsMin: Int64 = 5_000
    package static let pauseMsMax: Int64 = 600_000
    package static let refusalsMax: Int64 = 3

    /// After so many refusals of one letter (1 and up).
    package static func delayMs(afterRefusals count: Int64) -> Int64 {
        doubling(delayMsMin, count, to: delayMsMax)
    }

    /// Of all letters, after the server could not be used so many times in a row (1 and up).
    package static func pauseMs(afterFailures count: Int64) -> Int64 {
        doubling(pauseMsMin, count, to: pauseMsMax)
    }

    /// Whether a letter is given up.
    ///
    /// - Parameter refusals: with this one.
    package static func givesUp(afterRefusals refusals: Int64, isPermanent: Bool) -> Bool {
        isPermanent && refusals >= refusalsMax
    }

    private static func doubling(_ first: Int64, _ count: Int64, to last: Int64) -> Int64 {
        // The ceiling is reached long before a shift could overflow.
        min(last, first << min(max(0, count - 1), 20))
    }
}
