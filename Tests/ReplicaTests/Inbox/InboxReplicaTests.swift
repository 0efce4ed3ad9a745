import Model
import Replica
import Testing
import Wire

/// A device's inbox, and the session that keeps it. `Protocol/notifications.md#events`
@Suite struct InboxReplicaTests {
    private static func notice(_ number: Int64, isRead: Bool = false) -> JSON {
        [
            "number": .integer(number), "kind": "like", "createdAtMs": 1, "isRead": .bool(isRead),
            "actor": .null,
        ]
    }

    private static func page(
        _ numbers: [Int64], head: Int64, unread: Int64, next: String? = nil
    ) -> JSON {
        var page: JSON.Object = [
            "notices": .array(numbers.map { notice($0) }), "epoch": 9, "number": .integer(head),
            "unread": .integer(unread), "floor": 0,
        ]
        if let next { page["next"] = .string(next) }
        return .object(page)
    }

    private func apply(
        _ inbox: inout InboxReplica, _ kind: Event.Kind, _ data: JSON.Object, at number: Int64
    ) -> InboxReplica.Outcome {
        inbox.apply(
            kind, .object(data), Event.Span(epoch: 9, from: number - 1, through: number))
    }

    @Test func `Events put, take away, mark and expire, each once`() throws {
        var inbox = try #require(
            InboxReplica(page: Self.page([4, 2], head: 4, unread: 2, next: "c")))
        #expect(
            apply(&inbox, .notice, ["notice": Self.notice(5), "unread": 3], at: 5) == .applied)
        #expect(inbox.notices.map(\.number) == [5, 4, 2])
        #expect(
            apply(&inbox, .notice, ["notice": Self.notice(5), "unread": 3], at: 5) == .known)
        #expect(apply(&inbox, .retracted, ["numbers": [4, 1], "unread": 2], at: 7) == .gap)
        #expect(apply(&inbox, .retracted, ["numbers": [4, 1], "unread": 2], at: 6) == .applied)
        #expect(apply(&inbox, .read, ["through": 4, "unread": 1], at: 7) == .applied)
        #expect(inbox.notices.map(\.isRead) == [false, true])
        // One that comes back stands where it stood.
        #expect(
            apply(&inbox, .notice, ["notice": Self.notice(4), "unread": 2], at: 8) == .applied)
        #expect(inbox.notices.map(\.number) == [5, 4, 2])
        #expect(apply(&inbox, .read, ["numbers": [4, 77], "unread": 1], at: 9) == .applied)
        #expect(apply(&inbox, .expired, ["through": 4, "unread": 1], at: 10) == .applied)
        #expect(inbox.notices.map(\.number) == [5])
        #expect(inbox.unread == 1)
        #expect(inbox.cursor.number == 10)
        // What was taken away since is replayed without being held.
        let gone: JSON = ["number": 5, "isRetracted": true]
        #expect(apply(&inbox, .notice, ["notice": gone, "unread": 0], at: 11) == .applied)
        #expect(inbox.notices.isEmpty)
    }

    @Test func `A page that is older than what was applied is refused`() throws {
        var inbox = try #require(
            InboxReplica(page: Self.page([4], head: 4, unread: 2, next: "c")))
        _ = apply(&inbox, .retracted, ["numbers": [2], "unread": 1], at: 5)
        let late = Self.page([2, 1], head: 4, unread: 2)
        let isTaken = inbox.add(page: late)
        #expect(!isTaken)
        #expect(inbox.next == "c")
        let isNewTaken = inbox.add(page: Self.page([1], head: 7, unread: 2))
        #expect(isNewTaken)
        #expect(inbox.next == nil)
        #expect(inbox.notices.map(\.number) == [4, 1])
    }
}

/// `Protocol/notifications.md#streams-and-delivery`
@Suite struct SessionInboxTests {
    private final class Server {
        var session = Session(token: "t", seed: 1)
        private(set) var requests: [Request] = []

        init() {
            session.followInbox()
            connect()
        }

        func connect() {
            session.socketOpened(now: .zero)
            tell(ServerMessage.notification(method: "hello", params: [:]).bytes)
            answer(.sessionOpen, ["user": .null, "timeMs": 1])
        }

        func tell(_ bytes: [UInt8]) {
            session.receive(bytes, now: .zero)
            for bytes in session.takeOutgoing() {
                if case .single(.success(let request)) = try? IncomingMessage(bytes: bytes) {
                    requests.append(request)
                }
            }
        }

        /// Answers the last request of a method.
        func answer(_ method: Wire.Method, _ result: JSON) {
            guard let request = requests.last(where: { $0.method == method.rawValue }),
                let id = request.id
            else {
                Issue.record("no \(method.rawValue)")
                return
            }
            tell(ServerMessage.result(id, result).bytes)
        }

        func open(recovered: Bool, at number: Int64) {
            let opening = StreamOpening(
                recovered: recovered, cursor: Cursor(epoch: 9, number: number))
            tell(Event(stream: .inbox, kind: .opened, data: opening.json).bytes)
        }

        func push(_ number: Int64) {
            let notice: JSON = [
                "number": .integer(number), "kind": "like", "createdAtMs": 1, "isRead": false,
                "actor": .null,
            ]
            tell(
                Event(
                    stream: .inbox, kind: .notice,
                    span: Event.Span(epoch: 9, from: number - 1, through: number),
                    data: ["notice": notice, "unread": .integer(number)]
                ).bytes)
        }

        func count(_ method: Wire.Method) -> Int {
            requests.count { $0.method == method.rawValue }
        }

        var numbers: [Int64] {
            session.inbox?.replica?.notices.map(\.number) ?? []
        }
    }

    private static func page(_ head: Int64) -> JSON {
        [
            "notices": [], "epoch": 9, "number": .integer(head), "unread": 0, "floor": 0,
        ]
    }

    @Test func `What comes while the list is on its way is not lost and not doubled`() {
        let server = Server()
        server.open(recovered: false, at: 3)
        #expect(server.count(.inboxList) == 1)
        server.push(4)
        server.push(5)
        server.push(6)
        server.answer(.inboxList, Self.page(5))
        #expect(server.numbers == [6])
        server.push(7)
        #expect(server.numbers == [7, 6])
    }

    @Test func `It resumes with its cursor, and lists again only when it must`() {
        let server = Server()
        server.open(recovered: false, at: 3)
        server.answer(.inboxList, Self.page(3))
        server.push(4)
        _ = server.session.socketClosed(code: 1006, reason: "", now: .zero)
        server.connect()
        let opening = server.requests.last { $0.method == Wire.Method.sessionOpen.rawValue }
        #expect(
            opening?.params["streams"] == ["inbox": Cursor(epoch: 9, number: 4).json])
        server.open(recovered: true, at: 4)
        server.push(4)
        server.push(5)
        #expect(server.numbers == [5, 4])
        #expect(server.count(.inboxList) == 1)
        _ = server.session.socketClosed(code: 1006, reason: "", now: .zero)
        server.connect()
        server.open(recovered: false, at: 9)
        #expect(server.count(.inboxList) == 2)
        server.answer(.inboxList, Self.page(9))
        #expect(server.numbers == [])
    }

    @Test func `A list that did not come before the socket went is asked for again`() {
        let server = Server()
        server.open(recovered: false, at: 3)
        _ = server.session.socketClosed(code: 1006, reason: "", now: .zero)
        server.connect()
        server.open(recovered: true, at: 3)
        #expect(server.count(.inboxList) == 2)
        server.answer(.inboxList, Self.page(3))
        server.push(4)
        #expect(server.numbers == [4])
    }
}
