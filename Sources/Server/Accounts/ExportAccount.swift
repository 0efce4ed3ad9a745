import Model
import Storage
import Wire

/// `account.export`: `account`, `preferences`, `sessions`, then the sections of `ExportStore`. A
/// place is `<section>` or `<section>~<number>~<id>`.
struct ExportAccount: Query {
    private enum First: String, CaseIterable {
        case account, preferences, sessions
    }

    private enum Page {
        case first(First)
        case rows(ExportStore.Section, after: ExportStore.Bound)
    }

    let cursor: String?

    private func page(_ call: CallContext) throws(WireError) -> Page {
        guard let cursor else { return .first(.account) }
        let place = try call.cursors.decode(kind: Self.kind, cursor)
        guard let page = place.string.flatMap(Self.page) else {
            throw SignedCursor.refusal("/cursor")
        }
        return page
    }

    private static let kind = Wire.Method.accountExport.rawValue

    private static func page(_ place: String) -> Page? {
        if let first = First(rawValue: place) { return .first(first) }
        let parts = place.split(separator: "~", omittingEmptySubsequences: false)
        guard let section = ExportStore.Section(rawValue: String(parts[0])) else { return nil }
        switch parts.count {
        case 1: return .rows(section, after: .start)
        case 3:
            guard let number = Int64(parts[1]), let id = Identifier(String(parts[2])) else {
                return nil
            }
            return .rows(section, after: ExportStore.Bound(number: number, id: id))
        default: return nil
        }
    }

    func answer(_ call: CallContext) throws -> JSON {
        let user = try call.account()
        switch try page(call) {
        case .first(.account):
            return answer("account", [user.accountJSON], next: First.preferences.rawValue, call)
        case .first(.preferences):
            return answer(
                "preferences", [try call.preferences(of: user).json],
                next: First.sessions.rawValue, call)
        case .first(.sessions):
            let sessions = try SessionStore(call.connection).list(of: user.id, nowMs: call.nowMs)
            return answer(
                "sessions",
                sessions.prefix(Limits.exportRowsMax)
                    .map { $0.json(isCurrent: $0.id == call.holder?.session) },
                next: ExportStore.Section.allCases[0].rawValue, call)
        case .rows(let section, let bound):
            let limit = Int64(Limits.exportRowsMax)
            let rows = try ExportStore(call.connection)
                .page(section, of: user.id, after: bound, limit: limit)
            let items =
                section == .patterns
                ? try rows.map { try Self.pattern($0.item, $0.bound.id, call) } : rows.map(\.item)
            return answer(
                section.rawValue, items,
                next: rows.count < limit
                    ? Self.section(after: section)
                    : rows.last.map { "\(section.rawValue)~\($0.bound.number)~\($0.bound.id)" },
                call)
        }
    }

    /// With the links that open it; their secrets are nowhere.
    private static func pattern(
        _ item: JSON, _ id: Identifier, _ call: CallContext
    ) throws -> JSON {
        let links = try ShareLinkStore(call.connection).all(of: id, nowMs: call.nowMs)
        guard !links.isEmpty, var pattern = item.object else { return item }
        pattern["shareLinks"] = .array(links.map(\.json))
        return .object(pattern)
    }

    private static func section(after section: ExportStore.Section) -> String? {
        let all = ExportStore.Section.allCases
        let next = all.firstIndex(of: section).map { $0 + 1 } ?? all.count
        return next < all.count ? all[next].rawValue : nil
    }

    private func answer(
        _ section: String, _ items: [JSON], next: String?, _ call: CallContext
    ) -> JSON {
        var answer: JSON.Object = ["section": .string(section), "items": .array(items)]
        if let next {
            answer["next"] = .string(call.cursors.encode(kind: Self.kind, body: .string(next)))
        }
        return .object(answer)
    }
}
