import Crypto
import Model
import Storage
import Wire

/// From a call to its transaction or snapshot, and back to its answer.
extension Shard {
    /// What is done with a result, in a turn of this shard.
    typealias Finish = @Sendable (isolated Shard, Reply, JSON) -> Void

    /// Runs a command once per (user, `opId`).
    ///
    /// - Parameter finish: makes the answer of what the command returned, now or a day ago.
    func write(
        _ command: some Command, _ method: Wire.Method, _ params: JSON.Object, by caller: Caller,
        _ reply: Reply, finish: @escaping Finish = { $0.answer($1, .json($2)) }
    ) throws(WireError) {
        // A guest has nothing to remember it by.
        let operation = try caller.holder.map { (_) throws(WireError) in
            try Params(params).identifier("opId")
        }
        let work = Write(
            command: command, operation: operation,
            requestSHA256: OperationRequest.sha256(method, params), holder: caller.holder,
            nowMs: moment.wallClockMs, epoch: services.epoch)
        services.journal.perform(
            { connection in try work.run(connection) },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let (answer, effects)):
                        shard.perform(effects)
                        finish(shard, reply, answer)
                    case .failure(let failure):
                        shard.answer(reply, .failure(shard.error(of: failure)))
                    }
                }
            })
    }

    func read(_ query: some Query, by caller: Caller, _ reply: Reply) throws(WireError) {
        let holder = caller.holder
        let (nowMs, epoch) = (moment.wallClockMs, services.epoch)
        let isReading = services.reader.read(
            { connection in
                try query.answer(
                    CallContext(connection: connection, holder: holder, nowMs: nowMs, epoch: epoch))
            },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let answer): shard.answer(reply, .json(answer))
                    case .failure(let error as WireError): shard.answer(reply, .failure(error))
                    case .failure(let error):
                        shard.answer(reply, .failure(shard.unexpected(error)))
                    }
                }
            })
        if !isReading { throw .busy }
    }

    /// Before the answer leaves: who reads it finds all of it done, or under way.
    func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .sessionsEnded(let sessions):
                let ended = Set(sessions)
                for shard in shards { shard.post { $0.closePeers(ofSessions: ended) } }
            case .accessChanged(let pattern):
                shards[home(of: pattern)].post { $0.lookAgain(pattern) }
            case .mailQueued: services.mailer.wake()
            }
        }
    }
}

/// A command on its way through the journal.
private struct Write<C: Command>: Sendable {
    let command: C
    let operation: Identifier?
    let requestSHA256: [UInt8]
    let holder: Peer.Holder?
    let nowMs: Int64
    let epoch: Int64

    func run(_ connection: any Connection) throws -> (JSON, [Effect]) {
        let call = CallContext(
            connection: connection, holder: holder, nowMs: nowMs, epoch: epoch)
        var effects: [Effect] = []
        guard let user = holder?.user, let operation else {
            return (try command.perform(call, &effects), effects)
        }
        let operations = OperationStore(connection)
        if let done = try operations.find(operation, of: user, nowMs: nowMs) {
            // An older version did not note what was asked.
            guard done.requestSHA256 == nil || done.requestSHA256 == requestSHA256 else {
                throw WireError(
                    .conflict, "this opId was used for another call", path: "/opId",
                    allowed: "a new UUID for each new call")
            }
            return (try JSON.parse(Array(done.answer.utf8), limits: .trusted), [])
        }
        let answer = try command.perform(call, &effects)
        var kept = answer
        for name in C.hidden { kept = kept.removing(name) }
        try operations.note(
            operation, of: user,
            OperationStore.Done(
                requestSHA256: requestSHA256,
                answer: String(decoding: kept.serialised(), as: UTF8.self)), nowMs: nowMs)
        return (answer, effects)
    }
}

extension JSON {
    fileprivate func removing(_ name: String) -> JSON {
        guard var object else { return self }
        object[name] = nil
        return .object(object)
    }
}

/// Tells a call that is sent again from another one under the same `opId`.
private enum OperationRequest {
    static func sha256(_ method: Wire.Method, _ params: JSON.Object) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(method.rawValue.utf8))
        hash.update(data: JSON.object(params).canonical())
        return Array(hash.finalize())
    }
}
