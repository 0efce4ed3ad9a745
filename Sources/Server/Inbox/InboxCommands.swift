import Model
import Social
import Storage
import Wire

/// `inbox.markRead`. `Protocol/notifications.md#events`.
struct MarkRead: Command {
    enum Marked {
        case through(Int64, kind: NoticeKind?, pattern: Identifier?)
        case singly([Int64])
    }

    let marked: Marked

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        switch marked {
        case .through(let number, let kind, let pattern):
            try call.notices.markRead(through: number, kind: kind, pattern: pattern, by: user)
        case .singly(let numbers): try call.notices.markRead(numbers, by: user)
        }
        let head = try InboxStore(call.connection).head(of: user)
        return ["number": .integer(head.number), "unread": .integer(head.unread)]
    }
}

/// `inbox.setSettings`.
struct SetNoticeSettings: Command {
    /// Kinds that change, and whether they are wanted.
    let kinds: [(kind: NoticeKind, isWanted: Bool)]

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        let settings = NoticeSettingStore(call.connection)
        for (kind, isWanted) in kinds {
            try settings.set(kind, isSilenced: !isWanted, of: user)
        }
        return ["settings": try settings.json(of: user)]
    }
}

/// `inbox.mutePattern` and `inbox.unmutePattern`.
struct SetMute: Command {
    let pattern: Identifier
    let isMuted: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        let settings = NoticeSettingStore(call.connection)
        if isMuted {
            try call.requireAccess(to: pattern, .see)
            let countMax = Limits.mutedPatternsMax
            let isMutedAlready = try settings.muted(of: user).contains(pattern)
            guard try isMutedAlready || settings.mutedCount(of: user) < countMax else {
                throw WireError(
                    .limit, "too many muted patterns", path: "/pattern",
                    allowed: "\(countMax) patterns")
            }
            try settings.mute(pattern, of: user, nowMs: call.nowMs)
        } else {
            try settings.unmute(pattern, of: user)
        }
        return ["isMuted": .bool(isMuted)]
    }
}

extension NoticeSettingStore {
    /// Each kind, and whether it is wanted.
    func json(of user: Identifier) throws -> JSON {
        let silenced = try silenced(of: user)
        var object: JSON.Object = [:]
        for kind in NoticeKind.allCases {
            object[kind.rawValue] = .bool(!silenced.contains(kind))
        }
        return .object(object)
    }
}
