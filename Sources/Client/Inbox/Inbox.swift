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

    /// The same as people read it: "Ana and 41 others liked Rumba". The latest first.
    public func groups() -> Listing<NoticeGroup> {
        Listing(client, .inboxGroups, at: "groups")
    }

    /// Marks everything up to a notice read, on all devices.
    public func markRead(through number: Int64) async throws(ClientError) {
        try await client.ask(.inboxMarkRead, ["through": number])
    }

    /// Marks a group read, and nothing else; of one whose pattern may not be seen any more, its
    /// newest.
    public func markRead(_ group: NoticeGroup) async throws(ClientError) {
        guard group.kind == "follow" || group.pattern != nil else {
            return try await markRead([group.through])
        }
        try await client.ask(
            .inboxMarkRead,
            ["through": group.through, "kind": group.kind, "pattern": group.pattern?.id])
    }

    /// Marks single notices read, on all devices.
    public func markRead(_ numbers: [Int64]) async throws(ClientError) {
        try await client.ask(
            .inboxMarkRead, ["numbers": JSON.array(numbers.map { .integer($0) })])
    }

    /// What the user is told of.
    public func settings() async throws(ClientError) -> NoticeSettings {
        try await client.ask(.inboxSettings)
    }

    /// Switches kinds of notices on or off; those that are left out stay.
    public func set(_ kinds: [String: Bool]) async throws(ClientError) {
        var object = JSON.Object()
        for (kind, isWanted) in kinds { object[kind] = .bool(isWanted) }
        try await client.ask(.inboxSetSettings, ["kinds": JSON.object(object)])
    }

    /// No more notices about a pattern.
    public func mute(_ pattern: String) async throws(ClientError) {
        try await client.ask(.inboxMutePattern, ["pattern": pattern])
    }

    public func unmute(_ pattern: String) async throws(ClientError) {
        try await client.ask(.inboxUnmutePattern, ["pattern": pattern])
    }
}

extension SalsaClient {
    /// One's inbox. It is followed from the first look on.
    public var inbox: Inbox {
        onCore { $0.followInbox() }
        return Inbox(client: self)
    }
}
