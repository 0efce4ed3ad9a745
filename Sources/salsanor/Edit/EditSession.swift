import Client
import Transport

/// One run of `salsanor edit`: what is typed, what others do, and what is said about both.
actor EditSession {
    private let client: SalsaClient
    private let terminal: Terminal
    private let waitSeconds: Int
    private let url: String
    private var room: LiveRoom?
    private var shown: PatternDocument?
    private var people: [Int64: RoomMember] = [:]
    private var connection = ConnectionState.idle
    private var retryAt: Duration?
    private var wasOffline = false
    private var refreshIsDue = false
    private var hadTrouble = false
    private var openEdits = 0
    /// When the person's hand leaves the field of the last edit.
    private var releaseAt: Duration?
    private var isEnding = false
    private var ending: CheckedContinuation<Int32, Never>?
    private var early: Int32?

    /// Others' edits are merged over so long: a dragged slider is a line or two, not fifty.
    private static let mergeInterval: Duration = .milliseconds(150)
    /// For so long after an edit others see this person at its field.
    private static let touchDuration: Duration = .seconds(5)

    init(client: SalsaClient, terminal: Terminal, waitSeconds: Int, url: String) {
        self.client = client
        self.terminal = terminal
        self.waitSeconds = waitSeconds
        self.url = url
    }

    /// Returns the exit status.
    func run(pattern: String, credentials: Credentials) async -> Int32 {
        let states = Task { [client] in
            for await state in client.states { self.connectionChanged(state) }
        }
        defer { states.cancel() }
        if let failure = await open(pattern, credentials) { return failure }
        guard let room else { return early ?? 69 }
        await greet(room)
        var tasks: [Task<Void, Never>] = []
        let code = await withCheckedContinuation { continuation in
            if let early { return continuation.resume(returning: early) }
            ending = continuation
            tasks.append(
                Task { for await change in room.changes { await self.roomChanged(change) } })
            tasks.append(Task { await self.readLines() })
        }
        for task in tasks { task.cancel() }
        terminal.promptAnswered()
        return code
    }

    /// Ctrl-C, or a supervisor's request: like the end of the input.
    func interrupted() async {
        if isEnding || room == nil { return finish(room == nil ? 69 : 75) }
        await end()
    }

    // MARK: - Opening

    private func open(_ pattern: String, _ credentials: Credentials) async -> Int32? {
        let (client, waitSeconds) = (client, waitSeconds)
        typealias Opened = Result<LiveRoom, ClientError>?
        let opened: Opened = await withTaskGroup(of: Opened.self) { group in
            group.addTask { await Self.enter(client, pattern, credentials) }
            group.addTask {
                // The bound of the race: who is not in by then gives up.
                try? await Task.sleep(for: .seconds(waitSeconds))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        switch opened {
        case .success(let room):
            self.room = room
            return nil
        case .failure(.refused(let error)):
            terminal.complain(error.message)
            return 77
        case .failure(.left(_, let reason)):
            terminal.complain(reason)
            return 77
        case .failure(.unreadable(let why)):
            terminal.complain(why)
            return 64
        case .failure(.timedOut), nil:
            terminal.complain("\(url) was not reached within \(waitSeconds) s")
            return 69
        case .failure(let error):
            terminal.complain("\(error)")
            return 69
        }
    }

    private static func enter(
        _ client: SalsaClient, _ pattern: String, _ credentials: Credentials
    ) async -> Result<LiveRoom, ClientError> {
        do throws(ClientError) {
            switch credentials {
            case .guest: try await client.openAsGuest()
            case .password(let email, let password):
                try await client.signIn(email: email, password: password)
            }
            return .success(try await client.join(pattern))
        } catch {
            return .failure(error)
        }
    }

    private func greet(_ room: LiveRoom) async {
        shown = await room.document
        people = Self.byID(await room.members)
        let state = await room.state
        if let shown { for line in Wording.table(shown) { terminal.say(line) } }
        sayWho()
        if state?.mayEdit == false {
            terminal.say("you listen as \(state?.role ?? "guest"): edits are refused", .dim)
        } else {
            terminal.say("type help for what can be done", .dim)
        }
        terminal.prompt()
    }

    // MARK: - Lines

    private func readLines() async {
        // Reading blocks, so a thread of its own does it; one line at a time, so that a long pipe
        // waits in the pipe.
        let reader = WorkerPool(label: "stdin", width: 1, waitingMax: 1)
        while !isEnding, let line = try? await reader.run({ readLine() }) ?? nil {
            terminal.promptAnswered()
            await typed(line)
            if !isEnding { terminal.prompt() }
        }
        if !isEnding { await end() }
    }

    private func typed(_ line: String) async {
        let command: Command
        do throws(Command.NotUnderstood) {
            command = try Command(line: line, flavor: shown?.flavor ?? "Salsa")
        } catch {
            hadTrouble = true
            terminal.say(error.why, .yellow)
            return
        }
        switch command {
        case .nothing: break
        case .help: terminal.say(Command.helpText)
        case .show: if let shown { for line in Wording.table(shown) { terminal.say(line) } }
        case .who: sayWho()
        case .status: await sayStatus()
        case .quit: await end()
        case .edit(let edit, let assignments): await make(edit, assignments)
        case .undo: await reverse(await room?.undo(), verb: "undo")
        case .redo: await reverse(await room?.redo(), verb: "redo")
        case .history: await sayHistory()
        case .play: await playing { room throws(ClientError) in try await room.play() }
        case .stop(let soon):
            await playing { room throws(ClientError) in try await room.stop(soon: soon) }
        case .beat:
            if let room { terminal.say(await Wording.beat(of: room, clock: client.clock)) }
        case .restore(let number): await restore(number)
        }
    }

    private func playing(
        _ change: (LiveRoom) async throws(ClientError) -> Void
    ) async {
        guard let room else { return }
        do throws(ClientError) {
            try await change(room)
        } catch {
            hadTrouble = true
            terminal.say("not done: \(error)", .red)
        }
    }

    private func sayHistory() async {
        guard let room else { return }
        do throws(ClientError) {
            let entries = try await room.history(limit: 20)
            for entry in entries {
                terminal.say(Wording.line(of: entry, flavor: shown?.flavor ?? ""))
            }
            if entries.isEmpty { terminal.say("nothing was changed yet", .dim) }
        } catch {
            terminal.say("no history: \(error)", .yellow)
        }
    }

    private func restore(_ number: Int64) async {
        guard let room else { return }
        do throws(ClientError) {
            try await room.restore(number: number)
            terminal.say("saved: as it was at \(number)", .green)
        } catch {
            hadTrouble = true
            terminal.say("not restored: \(error)", .red)
        }
    }

    private func reverse(_ undone: Undone?, verb: String) async {
        guard let undone else { return terminal.say("nothing to \(verb)", .dim) }
        for path in undone.skipped { sayNewer(path) }
        guard let edit = undone.edit else { return }
        openEdits += 1
        let flavor = shown?.flavor ?? ""
        let names = undone.changed.map { Wording.name(of: $0, flavor: flavor) }
        Task { await self.settled(edit, "\(verb) \(names.joined(separator: ", "))", []) }
        await refresh()
        if connection != .online { await sayWaiting() }
    }

    private func sayNewer(_ path: String) {
        let name = Wording.name(of: path, flavor: shown?.flavor ?? "")
        terminal.say("\(name) stays: something newer stands there", .yellow)
    }

    private func make(_ edit: Edit, _ assignments: [Command.Assignment]) async {
        guard let room else { return }
        // First, so that it is known whose hand it was when the edit is seen.
        if let path = assignments.first?.path { touch(path, in: room) }
        let handle = room.edit(edit)
        openEdits += 1
        let flavor = shown?.flavor ?? "Salsa"
        let words = assignments.map { Wording.text(of: $0.path, $0.kind, flavor: flavor) }
            .joined(separator: ", ")
        Task { await self.settled(handle, words, assignments) }
        await refresh(except: assignments)
        if connection != .online { await sayWaiting() }
    }

    private func touch(_ path: String, in room: LiveRoom) {
        room.touch(path)
        let isDue = releaseAt != nil
        releaseAt = EventLoop.now + Self.touchDuration
        guard !isDue else { return }
        Task { await self.release(in: room) }
    }

    /// Waits until nothing was edited for a while.
    private func release(in room: LiveRoom) async {
        while let due = releaseAt, due > EventLoop.now {
            // Until the last edit is old enough; an edit meanwhile moves the time.
            guard (try? await Task.sleep(for: due - EventLoop.now)) != nil else { break }
        }
        releaseAt = nil
        room.touch(nil)
    }

    private func settled(
        _ handle: EditHandle, _ words: String, _ assignments: [Command.Assignment]
    ) async {
        do throws(ClientError) {
            try await handle.settled()
            terminal.say("saved: \(words)", .green)
        } catch {
            hadTrouble = true
            if case .refused(let refusal) = error {
                terminal.say("refused: \(refusal)", .red)
            } else {
                terminal.say("not saved: \(words): \(error)", .red)
            }
            // The refusal has said what stands.
            await refresh(except: assignments, whatever: true)
        }
        openEdits -= 1
    }

    // MARK: - What others do

    private func roomChanged(_ change: RoomChange) async {
        switch change {
        case .document: scheduleRefresh()
        case .joined:
            people = Self.byID(await room?.members ?? [])
            scheduleRefresh()
        case .members: await membersChanged()
        case .settled, .refused, .playing: break
        case .skipped(let path): sayNewer(path)
        case .left(let code, let reason):
            terminal.say("no longer in the pattern (\(code)): \(reason)", .red)
            finish(77)
        }
    }

    private func scheduleRefresh() {
        guard !refreshIsDue else { return }
        refreshIsDue = true
        Task {
            // Changes of a moment become one line.
            try? await Task.sleep(for: Self.mergeInterval)
            await self.refresh()
        }
    }

    /// Says what is other than what was said before.
    /// - Parameter own: the person's own edit, which they know of; another value at the same place
    ///   is said unless `whatever`.
    private func refresh(
        except own: [Command.Assignment] = [], whatever: Bool = false
    ) async {
        if own.isEmpty { refreshIsDue = false }
        guard let document = await room?.document else { return }
        let differences = shown.map { document.differences(since: $0) } ?? []
        shown = document
        for difference in differences {
            let isOwn = own.contains {
                $0.path == difference.path && (whatever || $0.kind == difference.kind)
            }
            guard !isOwn else { continue }
            let text = Wording.text(
                of: difference.path, difference.kind, flavor: document.flavor)
            terminal.say("* \(text)\(hands(at: difference.path))")
        }
    }

    /// Whose hands are there, as far as they say so: an edit itself does not name its author.
    private func hands(at path: String) -> String {
        let names = people.values.filter { !$0.isSelf && $0.touching == path }.map(\.name).sorted()
        return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    }

    private func membersChanged() async {
        let now = Self.byID(await room?.members ?? [])
        for (id, member) in now.sorted(by: { $0.key < $1.key })
        where people[id] == nil && !member.isSelf {
            terminal.say("\(member.name) came (\(member.role))", .dim)
        }
        for (id, member) in people.sorted(by: { $0.key < $1.key })
        where now[id] == nil && !member.isSelf {
            terminal.say("\(member.name) left", .dim)
        }
        people = now
    }

    private static func byID(_ members: [RoomMember]) -> [Int64: RoomMember] {
        Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    private func sayWho() {
        let names = people.values.sorted { $0.id < $1.id }.map { member in
            var text = "\(member.name) (\(member.isSelf ? "you, " : "")\(member.role))"
            if let touching = member.touching {
                text += " at \(Wording.name(of: touching, flavor: shown?.flavor ?? ""))"
            }
            return text
        }
        terminal.say(
            names.isEmpty
                ? "nobody can be seen from here" : "here: " + names.joined(separator: ", "))
    }

    // MARK: - The connection

    private func connectionChanged(_ state: ConnectionState) {
        connection = state
        switch state {
        case .online:
            retryAt = nil
            if wasOffline { terminal.say("online again", .green) }
            wasOffline = false
        case .offline(let reason, let retryIn):
            retryAt = EventLoop.now + retryIn
            if !wasOffline {
                terminal.say(
                    "offline: \(reason); next try in \(Wording.seconds(retryIn))", .yellow)
            }
            wasOffline = true
        case .stopped(let code, let reason):
            terminal.say("the server does not want this client back (\(code)): \(reason)", .red)
            finish(69)
        case .signInNeeded(let error):
            terminal.say("sign in again: \(error.message)", .red)
            if room != nil { finish(77) }
        case .idle, .connecting, .closed: break
        }
    }

    private func sayWaiting() async {
        let count = await room?.state?.pendingCount ?? 0
        var text = "\(Wording.edits(count)) waiting: offline"
        if let retryAt, retryAt > EventLoop.now {
            text += ", next try in \(Wording.seconds(retryAt - EventLoop.now))"
        } else {
            text += ", trying now"
        }
        terminal.say(text, .yellow)
    }

    private func sayStatus() async {
        guard let state = await room?.state else { return }
        if connection != .online { return await sayWaiting() }
        let saved =
            state.pendingCount == 0
            ? "everything is saved" : "\(Wording.edits(state.pendingCount)) on the way"
        terminal.say(
            "online at \(url) as \(state.role ?? "guest"); \(state.memberCount) here; "
                + "\(state.number) edits in its history; \(saved)")
    }

    // MARK: - The end

    /// Waits for what is not saved, a bounded time.
    private func end() async {
        guard !isEnding else { return }
        isEnding = true
        let deadline = EventLoop.now + .seconds(waitSeconds)
        if openEdits > 0, connection != .online { await sayWaiting() }
        while openEdits > 0, EventLoop.now < deadline, ending != nil {
            try? await Task.sleep(for: .milliseconds(20))
        }
        if openEdits > 0 {
            terminal.say("\(Wording.edits(openEdits)) not saved", .red)
            return finish(75)
        }
        finish(hadTrouble && !terminal.isInteractive ? 65 : 0)
    }

    private func finish(_ code: Int32) {
        isEnding = true
        early = early ?? code
        ending?.resume(returning: code)
        ending = nil
    }
}
