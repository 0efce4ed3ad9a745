import Model
import Storage
import Wire

/// `account.export`: `account`, `preferences`, `sessions`, then the sections of `ExportStore`. A
/// cursor is `<section>` or `<section>~<number>~<id>`; it leads to nothing but one's own rows, so
/// it needs no signature.
struct ExportAccount: Query {
    private enum First: String, CaseIterable {
        case account, preferences, sessions
    }

    private enum Page {
        case first(First)
        case rows(ExportStore.Section, after: ExportStore.Bound)
    }

    private let page: Page

    init(cursor: String?) throws(WireError) {
        guard let page = Self.page(cursor) else {
            throw WireError(
                .invalidParams, "cursor is not valid", path: "/cursor",
                allowed: "next of the page before")
        }
        self.page = page
    }

    private static func page(_ cursor: String?) -> Page? {
        guard let cursor else { return .first(.account) }
        if let first = First(rawValue: cursor) { return .first(first) }
        let parts = cursor.split(separator: "~", omittingEmptySubsequences: false)
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
        switch page {
        case .first(.account):
            return Self.answer("account", [user.accountJSON], next: First.preferences.rawValue)
        case .first(.preferences):
            return Self.answer(
                "preferences", [try call.preferences(of: user).json],
                next: First.sessions.rawValue)
        case .first(.sessions):
            let sessions = try SessionStore(call.connection).list(of: user.id, nowMs: call.nowMs)
            return Self.answer(
                "sessions",
                sessions.prefix(Limits.exportRowsMax)
                    .map { $0.json(isCurrent: $0.id == call.holder?.session) },
                next: ExportStore.Section.allCases[0].rawValue)
        case .rows(let section, let bound):
            let limit = Int64(Limits.exportRowsMax)
            let rows = try ExportStore(call.connection)
                .page(section, of: user.id, after: bound, limit: limit)
            return Self.answer(
                section.rawValue, rows.map(\.item),
                next: rows.count < limit
                    ? Self.section(after: section)
                    : rows.last.map { "\(section.rawValue)~\($0.bound.number)~\($0.bound.id)" })
        }
    }

    private static func section(after section: ExportStore.Section) -> String? {
        let all = ExportStore.Section.allCases
        let next = all.firstIndex(of: section).map { $0 + 1 } ?? all.count
        return next < all.count ? all[next].rawValue : nil
    }

    private static func answer(_ section: String, _ items: [JSON], next: String?) -> JSON {
        var answer: JSON.Object = ["section": .string(section), "items": .array(items)]
        if let next { answer["next"] = .string(next) }
        return .object(answer)
    }
}
