import Model
import Storage
import Wire

/// `feed.list`. `Protocol/notifications.md#feed`.
struct ListFeed: Query {
    /// How often a page looks on when what it found may not be seen.
    private static let roundsMax = 4

    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        let reader = try call.signedIn()
        let feed = FeedStore(call.connection)
        let head = try feed.head()
        var bound = try page.number(call) ?? Int64.max
        var entries: [JSON] = []
        var next: Int64?
        for _ in 0..<Self.roundsMax {
            let limit = Int(page.limit) - entries.count
            let numbers = try feed.numbers(for: reader, before: bound, limit: limit)
            for number in numbers {
                guard let record = try feed.find(number, for: reader),
                    let entry = FeedEntry(record, for: reader)
                else { continue }
                entries.append(entry.json)
            }
            next = numbers.count < limit ? nil : numbers.last
            guard let last = next, entries.count < Int(page.limit) else { break }
            bound = last
        }
        var answer: JSON.Object = [
            "activities": .array(entries), "epoch": .integer(call.epoch),
            "number": .integer(head),
        ]
        if let next { answer["next"] = page.cursor(number: next, call) }
        return .object(answer)
    }
}
