import Model
import Social
import Storage
import Wire

/// The stream `pattern:<id>` of one reader: nothing is replayed, what counts is how it stands now.
/// `Protocol/notifications.md#pattern-stream`.
struct PatternSource: StreamSource {
    let pattern: Identifier
    /// Nil for a guest.
    let user: Identifier?
    var name: StreamName { .pattern(pattern) }

    func ground(_ connection: any Connection) throws -> StreamGround {
        guard let access = try connection.access(of: user, to: pattern), access.allows(.see) else {
            throw PatternAccess.noPattern
        }
        var ground = StreamGround(topics: [.pattern(pattern), .owner(access.owner)])
        if let user {
            ground.topics.insert(.relations(user))
            ground.blocks = Set(try FeedStore(connection).blocks(of: user))
        }
        return ground
    }

    func bounds(_ connection: any Connection) throws -> StreamBounds {
        StreamBounds(floor: 0, head: 0)
    }

    func page(
        after number: Int64, bytesMax: Int, _ connection: any Connection
    ) throws -> StreamPage {
        let counters = try FeedStore(connection).counters(of: pattern)
        return StreamPage(
            items: counters.map {
                [
                    StreamPage.Item(
                        kind: .counters, from: 0, through: nil, data: $0.json.serialised())
                ]
            } ?? [], through: number, isLast: true)
    }
}

extension PatternCounters {
    var json: JSON {
        [
            "likeCount": .integer(likes), "commentCount": .integer(comments),
            "playCount": .integer(plays), "forkCount": .integer(forks),
        ]
    }
}
