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
        guard let holder = caller.holder else {
            throw WireError(.forbidden, "sign in first", allowed: "user")
        }
        let reader = Params(params)
        let note = OperationNote(
            user: holder.user, operation: try reader.identifier("opId"),
            requestSHA256: OperationRequest.sha256(.patternUpdate, params))
        let call = UpdateCall(
            room: try reader.identifier("pattern"), update: try PatternUpdate(params), note: note,
            holder: holder, reply: reply)
        let nowMs = moment.wallClockMs
        let isReading = services.reader.read(
            {
                try OperationStore($0).find(note.operation, of: note.user, nowMs: nowMs)
            },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let done?):
                        shard.answerAgain(call, isSame: done.requestSHA256 == note.requestSHA256)
                    case .success(nil):
                        shard.shards[shard.home(of: call.room)].post {
                            $0.enter(call.room, .update(call))
                        }
                    case .failure(let error):
                        shard.answer(reply, .failure(shard.unexpected(error)))
                    }
                }
            })
        if !isReading { throw .busy }
    }

    /// In the home of the room.
    func update(_ call: UpdateCall, _ host: RoomHost) {
        if let taken = host.operation(like: call.note) {
            if host.isWaiting(for: taken) {
                refuse(call.reply, .patternUpdate, .busy)
            } else {
                answerAgain(call, isSame: taken == call.note)
            }
            return
        }
        guard let role = host.access.role(of: call.note.user) else {
            refuse(call.reply, .patternUpdate, PatternAccess.noPattern)
            return
        }
        let number = host.keepCall(.update(call))
        let outcome = host.room.update(
            call.update, role: role, note: call.note, call: number, at: moment)
        if outcome == .gathered {
            host.remember(call.note)
            return
        }
        _ = host.takeCall(number)
        switch outcome {
        case .gathered: break
        case .settled: answerPattern(call)
        case .retry(let error), .refused(let error): refuse(call.reply, .patternUpdate, error)
        }
    }

    /// Its edit is on disk, or was not taken.
    func finish(_ call: UpdateCall, _ result: Result<JSON, WireError>, _ host: RoomHost) {
        switch result {
        case .success: answerPattern(call)
        case .failure(let error):
            host.forget(call.note)
            refuse(call.reply, .patternUpdate, error)
        }
    }

    private func answerAgain(_ call: UpdateCall, isSame: Bool) {
        if isSame {
            answerPattern(call)
        } else {
            refuse(call.reply, .patternUpdate, OperationRequest.conflict)
        }
    }

    private func answerPattern(_ call: UpdateCall) {
        answerPattern(
            ["pattern": .string(call.room.description)], for: .user(call.holder), call.reply)
    }
}
