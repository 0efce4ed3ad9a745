import Model
import Wire

/// From params to what `inbox.*` does. `Protocol/notifications.md#inbox`.
enum InboxCalls {
    /// Nil for a method of another kind.
    static func call(
        _ method: Wire.Method, _ params: JSON.Object
    ) throws(WireError) -> MethodCall? {
        let reader = Params(params)
        switch method {
        case .inboxList: return .read(ListNotices(page: try PageRequest(params, of: method)))
        case .inboxGroups: return .read(ListNoticeGroups(page: try PageRequest(params, of: method)))
        case .inboxMarkRead: return .write(MarkRead(marked: try marked(params)))
        case .inboxSettings: return .read(GetNoticeSettings())
        case .inboxSetSettings:
            let kinds = try reader.object("kinds")
            return .write(
                SetNoticeSettings(
                    kinds: NoticeKind.allCases.compactMap { kind in
                        kinds[kind.rawValue]?.bool.map { (kind, $0) }
                    }))
        case .inboxMutePattern:
            return .write(SetMute(pattern: try reader.identifier("pattern"), isMuted: true))
        case .inboxUnmutePattern:
            return .write(SetMute(pattern: try reader.identifier("pattern"), isMuted: false))
        default: return nil
        }
    }

    private static func marked(_ params: JSON.Object) throws(WireError) -> MarkRead.Marked {
        let numbers = params["numbers"]?.array?.compactMap(\.int)
        switch (params["through"]?.int, numbers) {
        case (let through?, nil):
            return .through(
                through, kind: params["kind"]?.string.flatMap(NoticeKind.init),
                pattern: try Params(params).optional("pattern", Params(params).identifier))
        case (nil, let numbers?) where params["kind"] == nil && params["pattern"] == nil:
            return .singly(numbers)
        default:
            throw WireError(
                .invalidParams, "through or numbers", path: "/through",
                allowed: "either through, with or without kind and pattern, or numbers")
        }
    }
}
