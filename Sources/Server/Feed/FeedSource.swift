import Model
import Storage
import Wire

/// The stream `feed` of one user. `Protocol/notifications.md#feed`.
struct FeedSource: StreamSource {
    /// Activities that one page looks at.
    static let rowsMax = 64

    let user: Identifier
    var name: StreamName { .feed }

    func ground(_ connection: any Connection) throws -> StreamGround {
        let feed = FeedStore(connection)
        var topics = Set(try feed.followees(of: user).map { StreamTopic.author($0) })
        topics.insert(.relations(user))
        return StreamGround(topics: topics, blocks: Set(try feed.blocks(of: user)))
    }

    func bounds(_ connection: any Connection) throws -> StreamBounds {
        let bounds = try FeedStore(connection).bounds()
        return StreamBounds(floor: bounds.floor, head: bounds.head)
    }

    /// - Throws: `gap` when what follows was deleted while the pages before were on their way.
    func page(
        after number: Int64, bytesMax: Int, _ connection: any Connection
    ) throws -> StreamPage {
        let feed = FeedStore(connection)
        let (floor, head) = try feed.bounds()
        guard number >= floor else {
            throw WireError(
                .gap, "activities were kept long enough meanwhile", allowed: "a list of the feed")
        }
        guard head > number else { return StreamPage(items: [], through: number, isLast: true) }
        let numbers = try feed.numbers(for: user, after: number, limit: Self.rowsMax)
        var page = StreamPage(items: [], through: number, isLast: false)
        var bytes = 0
        for number in numbers {
            guard bytes < bytesMax else { return page }
            page.through = number
            guard let record = try feed.find(number, for: user),
                let entry = FeedEntry(record, for: user)
            else { continue }
            let item = StreamPage.Item(entry)
            bytes += item.data.count
            page.items.append(item)
        }
        if numbers.count < Self.rowsMax {
            page.through = head
            page.isLast = true
        }
        return page
    }
}

extension StreamPage.Item {
    /// Any number below its own can go before it: what is between is of others.
    fileprivate init(_ entry: FeedEntry) {
        self.init(
            kind: .activity, from: 0, through: entry.record.number,
            data: entry.json.serialised())
    }
}
