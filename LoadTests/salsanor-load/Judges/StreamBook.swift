import Wire

/// What came to one device over one stream, by the rule of
/// `Protocol/notifications.md#streams-and-delivery`; and what should not have come.
struct StreamBook: Hashable {
    /// The last that was applied; nil before the stream was opened.
    private(set) var cursor: Cursor?
    /// Where it began.
    private(set) var start: Int64 = 0
    private(set) var applied = 0
    private(set) var openings = 0
    /// Events that it had already.
    private(set) var doubled = 0
    /// Events that another one should have come before.
    private(set) var gaps = 0
    /// Openings after the first that did not go on where it was.
    private(set) var unrecovered = 0

    mutating func opened(_ opening: StreamOpening) {
        if openings == 0 {
            start = opening.cursor.number
        } else if !opening.recovered || opening.cursor != cursor {
            unrecovered += 1
        }
        openings += 1
        cursor = opening.cursor
    }

    /// - Returns: whether it is to be applied.
    mutating func arrived(_ span: Event.Span) -> Bool {
        guard let own = cursor, span.epoch == own.epoch, span.from <= own.number else {
            gaps += 1
            return false
        }
        guard span.through > own.number else {
            doubled += 1
            return false
        }
        cursor?.number = span.through
        applied += 1
        return true
    }
}
