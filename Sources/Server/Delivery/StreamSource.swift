import Model
import Storage
import Wire

/// Where the events of one reader's stream come from. A value that reads: all of it runs on
/// snapshots, on readers' threads.
protocol StreamSource: Sendable {
    var name: StreamName { get }
    /// What the stream is made of, if that needs no reading; else nil, and `ground` is asked.
    var fixedGround: StreamGround? { get }

    /// What the stream is made of at this moment.
    ///
    /// - Throws: `WireError` for who may not read it.
    func ground(_ connection: any Connection) throws -> StreamGround
    func bounds(_ connection: any Connection) throws -> StreamBounds
    /// Events after a number, in their order: as many as fit into `bytesMax` bytes of data, and at
    /// least one if there is one.
    func page(
        after number: Int64, bytesMax: Int, _ connection: any Connection
    ) throws -> StreamPage
}

extension StreamSource {
    var fixedGround: StreamGround? { nil }

    func ground(_ connection: any Connection) throws -> StreamGround {
        fixedGround ?? StreamGround(topics: [])
    }
}

/// What a stream is made of.
struct StreamGround: Sendable {
    /// What it is told of; and of what changes this ground.
    var topics: Set<StreamTopic>
    /// With whom its reader has a block.
    var blocks: Set<Identifier> = []
}

/// From where a stream can be replayed.
struct StreamBounds: Hashable, Sendable {
    /// Everything after this is there.
    var floor: Int64
    /// The last number that was given.
    var head: Int64
}

struct StreamPage: Sendable {
    struct Item: Sendable {
        let kind: Event.Kind
        let from: Int64
        /// Nil for what is latest-wins.
        let through: Int64?
        /// JSON of the event's data.
        let data: [UInt8]
    }

    var items: [Item]
    /// Nothing for this reader is between the last item and this number.
    var through: Int64
    /// Nothing more was there when it was read.
    var isLast: Bool
}
