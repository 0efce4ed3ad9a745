import Model
import Storage
import Wire

/// Notices and events as their reader may see them. `Protocol/notifications.md#notices`.
struct InboxView {
    private let connection: any Connection
    private let reader: Identifier
    /// What was looked up: a page is often about few patterns.
    private var isSeen: [Identifier: Bool] = [:]

    init(_ connection: any Connection, reader: Identifier) {
        self.connection = connection
        self.reader = reader
    }

    mutating func json(_ notice: NoticeRecord) throws -> JSON {
        if notice.isRetracted {
            return ["number": .integer(notice.number), "isRetracted": true]
        }
        let maySee = try notice.pattern.map { try self.maySee($0) } ?? true
        var object: JSON.Object = [
            "number": .integer(notice.number), "kind": .string(notice.kind.rawValue),
            "createdAtMs": .integer(notice.createdMs), "isRead": .bool(notice.isRead),
            "actor": notice.actor.map { .object($0.json) } ?? .null,
        ]
        if let pattern = notice.pattern {
            object["pattern"] = .null
            if maySee, let title = notice.title {
                object["pattern"] = [
                    "id": .string(pattern.description), "title": .string(title),
                ]
            }
        }
        if let comment = notice.comment {
            object["comment"] = .null
            if maySee, let text = notice.text {
                object["comment"] = [
                    "id": .string(comment.description), "text": .string(Self.beginning(of: text)),
                ]
            }
        }
        if let fork = notice.fork { object["fork"] = .string(fork.description) }
        switch notice.kind {
        case .invitation, .joined, .role: object["role"] = .orNull(notice.role?.rawValue)
        default: break
        }
        return .object(object)
    }

    mutating func json(_ event: InboxEvent) throws -> (kind: Event.Kind, data: JSON) {
        var data: JSON.Object = [:]
        let kind: Event.Kind
        switch event.change {
        case .notice(let notice):
            kind = .notice
            data["notice"] = try json(notice)
        case .retracted(let numbers):
            kind = .retracted
            data["numbers"] = .array(numbers.map { .integer($0) })
        case .read(let through):
            kind = .read
            data["through"] = .integer(through)
        case .readSingly(let numbers):
            kind = .read
            data["numbers"] = .array(numbers.map { .integer($0) })
        case .expired(let through):
            kind = .expired
            data["through"] = .integer(through)
        }
        data["unread"] = .integer(event.unread)
        return (kind, .object(data))
    }

    private mutating func maySee(_ pattern: Identifier) throws -> Bool {
        if let known = isSeen[pattern] { return known }
        let found = try connection.mayHear(of: pattern, reader)
        isSeen[pattern] = found
        return found
    }

    private static func beginning(of text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.prefix(Limits.noticeTextCharactersMax))
        return String(scalars)
    }
}
