import Model
import Social
import Storage
import Wire

/// `inbox.list`. `Protocol/notifications.md#lists`.
struct ListNotices: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        let user = try call.signedIn()
        let inboxes = InboxStore(call.connection)
        let head = try inboxes.head(of: user)
        let notices = try inboxes.notices(
            of: user, below: try page.bound(call).createdMs, limit: page.limit)
        var view = InboxView(call.connection, reader: user)
        return try Page(notices, limit: page.limit) { .below($0.number) }
            .json("notices", page, call) { try view.json($0) }
            .with(head, call).with("floor", .integer(head.floor))
    }
}

/// `inbox.groups`.
struct ListNoticeGroups: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        let user = try call.signedIn()
        let inboxes = InboxStore(call.connection)
        let head = try inboxes.head(of: user)
        let items = try inboxes.items(
            of: user, limit: Int64(Limits.inboxEventsMax + Limits.inboxEventsSlack))
        let below = try page.bound(call).createdMs
        let groups = NoticeGroups.groups(of: items).filter { $0.newest.number < below }
        let shown = Array(groups.prefix(Int(page.limit)))
        var view = InboxView(call.connection, reader: user)
        return try Page(shown, limit: page.limit) { .below($0.newest.number) }
            .json("groups", page, call) { try json($0, of: user, &view, call) }
            .with(head, call)
    }

    private func json(
        _ group: NoticeGroups.Group, of user: Identifier, _ view: inout InboxView,
        _ call: CallContext
    ) throws -> JSON {
        let newest = try InboxStore(call.connection).notice(group.newest.number, of: user)
        let people = ProfileStore(call.connection)
        let notice = try newest.map { try view.json($0) } ?? .null
        return [
            "kind": .string(group.newest.kind.rawValue),
            "pattern": notice["pattern"] ?? .null, "isRead": .bool(group.newest.isRead),
            "count": .integer(Int64(group.count)),
            "through": .integer(group.newest.number),
            "actors": .array(
                try group.actors.compactMap { try people.person($0) }.map { .object($0.json) }),
            "actorCount": .integer(Int64(group.actorCount)), "newest": notice,
        ]
    }
}

/// `inbox.settings`.
struct GetNoticeSettings: Query {
    func answer(_ call: CallContext) throws -> JSON {
        let user = try call.signedIn()
        let settings = NoticeSettingStore(call.connection)
        return [
            "settings": try settings.json(of: user),
            "muted": .array(
                try settings.muted(of: user).map { .string($0.description) }),
        ]
    }
}

extension JSON {
    fileprivate func with(_ head: InboxHead, _ call: CallContext) -> JSON {
        with("epoch", .integer(call.epoch)).with("number", .integer(head.number))
            .with("unread", .integer(head.unread))
    }

    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        guard var object else { return self }
        object[name] = value
        return .object(object)
    }
}

extension PageBound {
    /// Of a list by number: a page begins below this one.
    static func below(_ number: Int64) -> PageBound {
        PageBound(createdMs: number, id: Identifier(high: 0, low: 0))
    }
}
