import Model
import Replica
import Transport
import Wire

/// The inbox of whoever is signed in, kept live: it is listed once, and goes on by its events over
/// every loss of the network or restart of the server, each of which counts once.
///
///     for await state in client.inbox.states { badge.number = state.unread }
public struct Inbox: Sendable {
    /// States that a slow reader of `states` finds at most; the last is the newest always.
    public static let statesBufferedMax = 1

    private let client: SalsaClient

    init(client: SalsaClient) {
        self.client = client
    }

    /// What it shows: now, if it was listed, then after each change. Older states are skipped for
    /// a slow reader, never the last.
    public var states: AsyncStream<InboxState> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: InboxState.self, bufferingPolicy: .bufferingNewest(Self.statesBufferedMax))
        client.onCore(orElse: { continuation.finish() }) { [weak client] core in
            guard let number = core.addInboxStream(continuation) else { return }
            continuation.onTermination = { [weak client] _ in
                client?.onCore { $0.removeInboxStream(number) }
            }
        }
        return stream
    }

    /// What it shows now; nil before it was listed.
    public var state: InboxState? {
        get async {
            await client.readCore { core in
                core.session.inbox?.replica.map(InboxState.init)
            } ?? nil
        }
    }

    /// Lists older notices; the state that follows has them.
    public func loadMore() {
        client.onCore { $0.loadMoreOfInbox() }
    }

    /// Marks everything up to a notice read, on all devices.
    public func markRead(through number: Int64) async throws(ClientError) {
        _ = try await client.call(
            .inboxMarkRead,
            ["through": .integer(number), "opId": .string(SalsaClient.newOperation())])
    }

    /// Marks single notices read, on all devices.
    public func markRead(_ numbers: [Int64]) async throws(ClientError) {
        _ = try await client.call(
            .inboxMarkRead,
            [
                "numbers": .array(numbers.map { .integer($0) }),
                "opId": .string(SalsaClient.newOperation()),
            ])
    }
}

extension SalsaClient {
    /// One's inbox. It is followed from the first look on.
    public var inbox: Inbox {
        onCore { $0.followInbox() }
        return Inbox(client: self)
    }
}
