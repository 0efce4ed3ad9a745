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
            of: user, below: page.bound.createdMs, limit: page.limit)
        var view = InboxView(call.connection, reader: user)
        var answer: JSON.Object = [
            "notices": .array(try notices.map { try view.json($0) }),
            "epoch": .integer(call.epoch), "number": .integer(head.number),
            "floor": .integer(head.floor), "unread": .integer(head.unread),
        ]
        if notices.count == Int(page.limit), let last = notices.last {
            answer["next"] = .string(PageCursor.text(.below(last.number)))
        }
        return .object(answer)
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
        let groups = NoticeGroups.groups(of: items)
            .filter { $0.newest.number < page.bound.createdMs }
        let shown = groups.prefix(Int(page.limit))
        var view = InboxView(call.connection, reader: user)
        var answer: JSON.Object = [
            "groups": .array(try shown.map { try json($0, of: user, &view, call) }),
            "epoch": .integer(call.epoch), "number": .integer(head.number),
            "unread": .integer(head.unread),
        ]
        if shown.count < groups.count, let last = shown.last {
            answer["next"] = .string(PageCursor.text(.below(last.newest.number)))
        }
        return .object(answer)
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

extension PageBound {
    /// Of a list by number: a page begins below this one.
    static func below(_ number: Int64) -> PageBound {
        PageBound(createdMs: number, id: Identifier(high: 0, low: 0))
    }
}
