import Model
import Storage
import Wire

/// The stream `inbox` of one user. `Protocol/notifications.md#inbox`.
struct InboxSource: StreamSource {
    private static let eventsPerQuery: Int64 = 64

    let user: Identifier

    var name: StreamName { .inbox }
    var fixedGround: StreamGround? { StreamGround(topics: [.inbox(user)]) }

    func bounds(_ connection: any Connection) throws -> StreamBounds {
        let head = try InboxStore(connection).head(of: user)
        return StreamBounds(floor: head.floor, head: head.number)
    }

    /// - Throws: `gap` when what follows was deleted while the pages before were on their way:
    ///   opened again, the stream says that it cannot be recovered.
    func page(
        after number: Int64, bytesMax: Int, _ connection: any Connection
    ) throws -> StreamPage {
        let inboxes = InboxStore(connection)
        let head = try inboxes.head(of: user)
        guard number >= head.floor else {
            throw WireError(
                .gap, "events were kept long enough meanwhile", allowed: "a list of the inbox")
        }
        var view = InboxView(connection, reader: user)
        var page = StreamPage(items: [], through: number, isLast: false)
        var bytes = 0
        while page.through < head.number, bytes < bytesMax {
            let events = try inboxes.events(
                of: user, after: page.through, limit: Self.eventsPerQuery)
            for event in events where page.items.isEmpty || bytes < bytesMax {
                let (kind, json) = try view.json(event)
                let data = json.serialised()
                bytes += data.count
                page.items.append(
                    StreamPage.Item(
                        kind: kind, from: event.number - 1, through: event.number, data: data))
                page.through = event.number
            }
            if events.isEmpty { break }
        }
        page.isLast = page.through >= head.number
        return page
    }
}
