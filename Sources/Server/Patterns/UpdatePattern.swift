import Model
import Rooms
import Social
import Storage
import Wire

/// `pattern.update`: an edit of the room that the server makes for the caller, open or not.
/// `Protocol/patterns.md#update`.
extension Shard {
    func updatePattern(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let update = try PatternUpdate(params)
        try change(.patternUpdate, params, by: caller, reply) { _ in .update(update) }
    }

    /// `history.restore`. `Protocol/history.md#restore`.
    func restoreHistory(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let pattern = try Params(params).identifier("pattern")
        let place = try HistoryPlace(params)
        try change(.historyRestore, params, by: caller, reply) { call in
            try call.requireAccess(to: pattern, .edit)
            let document = try place.document(of: pattern, call.connection)
            return .restore(try JSON.parse(document, limits: .trusted))
        }
    }

    /// - Parameter work: finds out what to do; on a reader's thread.
    private func change(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ reply: Reply,
        _ work: @escaping @Sendable (CallContext) throws -> UpdateCall.Work
    ) throws(WireError) {
        guard let holder = caller.holder else {
            throw WireError(.forbidden, "sign in first", allowed: "user")
        }
        let reader = Params(params)
        let note = OperationNote(
            user: holder.user, operation: try reader.identifier("opId"),
            requestSHA256: OperationRequest.sha256(method, params))
        let room = try reader.identifier("pattern")
        try read(
            by: caller,
            { call -> (OperationStore.Done?, UpdateCall.Work) in
                let done = try OperationStore(call.connection)
                    .find(note.operation, of: note.user, nowMs: call.nowMs)
                return (done, done == nil ? try work(call) : .done)
            },
            then: { shard, result in
                switch result {
                case .success(let (done, work)):
                    let call = UpdateCall(
                        room: room, method: method, work: work, note: note, holder: holder,
                        reply: reply)
                    if let done {
                        shard.answerAgain(call, isSame: done.requestSHA256 == note.requestSHA256)
                    } else {
                        shard.shards[shard.home(of: room)].post { $0.enter(room, .update(call)) }
                    }
                case .failure(let error): shard.refuse(reply, method, error)
                }
            })
    }

    /// In the home of the room.
    func update(_ call: UpdateCall, _ host: RoomHost) {
        if let taken = host.operation(like: call.note) {
            if host.isWaiting(for: taken) {
                refuse(call.reply, call.method, .busy)
            } else {
                answerAgain(call, isSame: taken == call.note)
            }
            return
        }
        guard let role = host.access.role(of: call.note.user) else {
            refuse(call.reply, call.method, PatternAccess.noPattern)
            return
        }
        let number = host.keepCall(.update(call))
        let outcome: Room.EditOutcome =
            switch call.work {
            case .update(let update):
                host.room.update(update, role: role, note: call.note, call: number, at: moment)
            case .restore(let document):
                host.room.restore(document, role: role, note: call.note, call: number, at: moment)
            case .done: .settled(nil)
            }
        if outcome == .gathered {
            host.remember(call.note)
            return
        }
        _ = host.takeCall(number)
        switch outcome {
        case .gathered: break
        case .settled: answerPattern(call)
        case .retry(let error), .refused(let error): refuse(call.reply, call.method, error)
        }
    }

    /// Its edit is on disk, or was not taken.
    func finish(_ call: UpdateCall, _ result: Result<JSON, WireError>, _ host: RoomHost) {
        switch result {
        case .success: answerPattern(call)
        case .failure(let error):
            host.forget(call.note)
            refuse(call.reply, call.method, error)
        }
    }

    private func answerAgain(_ call: UpdateCall, isSame: Bool) {
        if isSame {
            answerPattern(call)
        } else {
            refuse(call.reply, call.method, OperationRequest.conflict)
        }
    }

    private func answerPattern(_ call: UpdateCall) {
        answerPattern(
            ["pattern": .string(call.room.description)], for: .user(call.holder), call.reply)
    }
}
