import Model
import Social
import Storage
import Wire

/// Tells the feeds of what a command has noted, whatever it was.
struct FeedPublications {
    private let feed: FeedStore
    private let before: Int64

    /// Before the command.
    init(_ connection: any Connection) throws(DatabaseError) {
        feed = FeedStore(connection)
        before = try feed.head()
    }

    /// After it, in the same transaction.
    func follow(_ effects: inout [Effect], _ call: CallContext) throws {
        let head = try feed.head()
        guard head > before else { return }
        for number in before + 1...head {
            guard let record = try feed.find(number, for: nil),
                let publication = try publication(of: record, call)
            else { continue }
            effects.append(.publish(publication))
        }
    }

    /// Nil for what only its author may see.
    private func publication(
        of record: FeedRecord, _ call: CallContext
    ) throws -> Publication? {
        var readers: Set<Identifier>?
        if let pattern = record.pattern, pattern.facts.state != .public {
            guard pattern.facts.state == .private else { return nil }
            readers = Set(try CollaboratorStore(call.connection).roles(in: pattern.id).keys)
            readers?.insert(pattern.owner)
            readers?.remove(record.actor.id)
            if readers?.isEmpty == true { return nil }
        }
        return Publication(
            .author(record.actor.id), .activity,
            Event.Span(epoch: call.epoch, from: 0, through: record.number),
            data: FeedEntry(published: record).json.serialised(), readers: readers,
            about: [record.pattern?.owner, record.target?.person.id].compactMap(\.self))
    }
}
