import ArgumentParser
import Client
import Transport

/// `salsanor news`: one's inbox and feed, as they fill.
struct NewsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "news",
        abstract: "Prints what happens to you, and what those do whom you follow.",
        discussion: """
            First what is unread, then all that happens, until Ctrl-C: over lost connections and \
            restarts of the server nothing is missed, and nothing comes twice.

            Exit status: 0; 64 wrong usage; 69 the server was not reached; 77 wrong password.
            """)

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who you are: an e-mail address, or \"demo\" for the demo account.",
            valueName: "address"))
    var person: String

    @Flag(help: "Mark what is unread as read, on all your devices.")
    var read = false

    @Option(help: ArgumentHelp("The server.", valueName: "ws://host:port"))
    var url = "ws://127.0.0.1:8080"

    @Option(help: ArgumentHelp("Read the password from this file's first line.", valueName: "file"))
    var passwordFile: String?

    func run() async throws {
        let terminal = Terminal()
        let credentials = try Credentials.of(person, passwordFile: passwordFile, terminal)
        do throws(ClientError) {
            let client = try SalsaClient(url: url)
            guard case .password(let email, let password) = credentials else { return }
            try await client.signIn(email: email, password: password)
            let signals = TerminationSignals()
            await signals.start([.interrupt, .terminate]) { _ in client.close() }
            await follow(client, terminal)
            await signals.stop()
        } catch {
            terminal.complain("\(error)")
            if case .refused = error { throw ExitCode(77) }
            throw ExitCode(69)
        }
    }

    /// Until the client is closed.
    private func follow(_ client: SalsaClient, _ terminal: Terminal) async {
        let isReading = read
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var printed = InboxPrinter()
                for await state in client.inbox.states {
                    for line in printed.lines(for: state) { terminal.say(line) }
                    if isReading, state.unread > 0 {
                        try? await client.inbox.markRead(through: state.number)
                    }
                }
            }
            group.addTask {
                for await case .activity(let activity) in client.feed.changes {
                    terminal.say("feed: \(activity.sentence)", .dim)
                }
            }
            group.addTask {
                for await state in client.states {
                    switch state {
                    case .online: terminal.say("online", .green)
                    case .offline(let reason, _): terminal.say("offline: \(reason)", .yellow)
                    case .stopped(_, let reason): Self.end(client, terminal, reason)
                    case .signInNeeded(let error): Self.end(client, terminal, error.message)
                    default: break
                    }
                }
            }
        }
    }

    private static func end(_ client: SalsaClient, _ terminal: Terminal, _ reason: String) {
        terminal.complain(reason)
        client.close()
    }
}

/// What of an inbox was printed.
private struct InboxPrinter {
    private var shown: [Int64: InboxNotice]?
    private var unread: Int64 = -1

    /// What is new since the last state; of the first one what is unread.
    mutating func lines(for state: InboxState) -> [String] {
        var lines: [String] = []
        for notice in state.notices.reversed() {
            let isNew = shown.map { $0[notice.number] == nil } ?? !notice.isRead
            if isNew { lines.append("inbox: \(notice.number) \(notice.sentence)") }
        }
        let numbers = Set(state.notices.map(\.number))
        for number in (shown ?? [:]).keys.sorted() where !numbers.contains(number) {
            lines.append("inbox: \(number) was taken back")
        }
        if state.unread != unread { lines.append("inbox: \(state.unread) unread") }
        unread = state.unread
        shown = Dictionary(uniqueKeysWithValues: state.notices.map { ($0.number, $0) })
        return lines
    }
}

extension InboxNotice {
    fileprivate var sentence: String {
        let who = actorName ?? "somebody"
        let what = patternTitle.map { "\"\($0)\"" } ?? "a pattern"
        let text = commentText.map { ": \($0)" } ?? ""
        return switch kind {
        case "like": "\(who) likes \(what)"
        case "comment": "\(who) commented on \(what)\(text)"
        case "reply": "\(who) answered you at \(what)\(text)"
        case "mention": "\(who) mentioned you at \(what)\(text)"
        case "fork": "\(who) forked \(what)"
        case "follow": "\(who) follows you"
        case "invitation": "\(who) invites you to \(what)"
        case "joined": "\(who) joined \(what)"
        case "role": "\(who) changed your role in \(what)"
        default: "\(who): \(kind)"
        }
    }
}

extension FeedActivity {
    fileprivate var sentence: String {
        let what = patternTitle.map { "\"\($0)\"" } ?? "a pattern"
        return switch kind {
        case "pattern_created": "\(actorName) made \(what)"
        case "pattern_published": "\(actorName) published \(what)"
        case "pattern_forked": "\(actorName) forked \(what)"
        case "pattern_liked": "\(actorName) likes \(what)"
        case "user_followed": "\(actorName) follows \(userName ?? "somebody")"
        case "comment_created": "\(actorName) commented on \(what): \(commentText ?? "")"
        default: "\(actorName): \(kind)"
        }
    }
}
