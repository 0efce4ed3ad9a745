import Wire

@testable import salsanor_load

extension StreamBook {
    mutating func opened(at number: Int64, recovered: Bool) {
        opened(
            StreamOpening(recovered: recovered, cursor: Cursor(epoch: 1, number: number)))
    }

    /// - Parameter from: nil for an event of a stream whose numbers have no gaps.
    mutating func arrived(through number: Int64, from: Int64? = nil) {
        _ = arrived(Event.Span(epoch: 1, from: from ?? number - 1, through: number))
    }
}
