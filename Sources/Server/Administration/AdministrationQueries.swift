import Model
import Social
import Storage
import Wire

/// `admin.users`: everybody, who registered last first; or whose e-mail begins with a text; or
/// whose id it is.
struct ListAccounts: Query {
    let text: String?
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAdministrator()
        let store = AdministrationStore(call.connection)
        let accounts: [AccountRecord]
        switch text {
        case .some(let text) where Identifier(text) != nil:
            accounts = try Identifier(text).flatMap { try store.account($0) }.map { [$0] } ?? []
        case .some(let text):
            accounts = try store.accounts(
                emailPrefix: EmailAddress.normalised(text),
                after: page.isFirst ? nil : page.bound(call).id, limit: page.limit)
        case nil:
            accounts = try store.accounts(before: try page.bound(call).id, limit: page.limit)
        }
        return Page(accounts, limit: page.limit) {
            PageBound(createdMs: $0.createdMs, id: $0.id)
        }.json("users", page, call, \.json)
    }
}

/// `admin.sessions`.
struct ListSessions: Query {
    let target: Identifier

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAdministrator()
        _ = try call.account(target)
        return try call.sessions(of: target)
    }
}

/// `admin.log`.
struct ListActs: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAdministrator()
        return try AdministrationStore(call.connection)
            .log(after: try page.bound(call), limit: page.limit)
            .json("acts", page, call, \.json)
    }
}

extension AccountRecord {
    func state(nowMs: Int64) -> AccountState {
        AccountState(isActive: isActive, bannedMs: bannedMs, deletedMs: deletedMs, nowMs: nowMs)
    }

    var json: JSON {
        [
            "id": .string(id.description), "email": .string(email),
            "displayName": .string(displayName), "isActive": .bool(isActive),
            "isAdmin": .bool(isAdmin), "createdAtMs": .integer(createdMs),
            "lastLoginAtMs": .orNull(lastLoginMs), "deletedAtMs": .orNull(deletedMs),
            "bannedAtMs": .orNull(bannedMs),
        ]
    }
}

extension AdministrationRecord {
    var json: JSON {
        [
            "id": .string(id.description), "administrator": .orNull(administrator),
            "action": .string(action.rawValue), "target": .string(target.description),
            "reason": .string(reason), "createdAtMs": .integer(createdMs),
        ]
    }
}
