package import Model

/// What the server says of a stream that it has opened: the result of `stream.open`, and the data
/// of `opened`. `Protocol/notifications.md#streams-and-delivery`.
package struct StreamOpening: Hashable, Sendable {
    /// Whether everything after the cursor follows, without a gap; else what the stream is about
    /// must be listed again.
    package var recovered: Bool
    /// What comes next is after this.
    package var cursor: Cursor

    package init(recovered: Bool, cursor: Cursor) {
        self.recovered = recovered
        self.cursor = cursor
    }

    package var json: JSON {
        [
            "recovered": .bool(recovered), "epoch": .integer(cursor.epoch),
            "number": .integer(cursor.number),
        ]
    }

    package init?(json: JSON) {
        guard let recovered = json["recovered"]?.bool, let epoch = json["epoch"]?.int,
            let number = json["number"]?.int
        else { return nil }
        self.init(recovered: recovered, cursor: Cursor(epoch: epoch, number: number))
    }
}
