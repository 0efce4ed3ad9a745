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
            requestSHA256: OperationRequest.sha256(method, params), origin: origin(of: caller))
        let shards = shards
        services.journal.perform(
            { connection in try work.run(connection) },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let (answer, effects)):
                        // Who ends the own session is told before the socket closes.
                        shard.perform(effects[...], sparing: reply.peer) {
                            finish($0, reply, answer)
                            $0.closePeer(reply.peer, ofSessionsIn: effects)
                        }
                    case .failure(let failure):
                        shard.answer(reply, .failure(shard.error(of: failure)))
                    }
                }
                // After the answer: who acts does not wait for thousands of others to be told.
                if case .success(let (_, effects)) = result {
                    Self.publish(effects, to: shards)
                }
            })
    }

    func origin(of caller: Caller) -> CallOrigin {
        CallOrigin(
            holder: caller.holder, nowMs: moment.wallClockMs, epoch: services.epoch,
            cursors: services.cursors, isLocalAdministrator: caller.isLocalAdministrator)
    }

    func read(_ query: some Query, by caller: Caller, _ reply: Reply) throws(WireError) {
        try read(by: caller, query.answer) { $0.answer(reply, Answer($1)) }
    }

    /// - Parameters:
    ///   - body: reads on a snapshot, on a reader's thread.
    ///   - then: in a turn of this shard.
    func read<Value: Sendable>(
        by caller: Caller, _ body: @escaping @Sendable (CallContext) throws -> Value,
        then: @escaping @Sendable (isolated Shard, Result<Value, WireError>) -> Void
    ) throws(WireError) {
        let origin = origin(of: caller)
        let isReading = services.reader.read(
            { try body(CallContext(connection: $0, origin: origin)) },
            completion: { [self] result in
                post { shard in then(shard, result.mapError { shard.error(of: $0) }) }
            })
        if !isReading { throw .busy }
    }

    /// One after the other, before the answer leaves: who reads it finds all of it done.
    ///
    /// - Parameter spared: the socket that asked; it has an answer to get first.
    func perform(
        _ effects: ArraySlice<Effect>, sparing spared: PeerAddress? = nil,
        then finish: @escaping @Sendable (isolated Shard) -> Void
    ) {
        guard let effect = effects.first else { return finish(self) }
        let rest = effects.dropFirst()
        let goOn: @Sendable () -> Void = { [self] in
            post { $0.perform(rest, sparing: spared, then: finish) }
        }
        switch effect {
        case .sessionsEnded(let sessions):
            let ended = Set(sessions)
            for shard in shards {
                shard.post { $0.closePeers(ofSessions: ended, except: spared) }
            }
            perform(rest, sparing: spared, then: finish)
        case .accessChanged(let pattern):
            shards[home(of: pattern)].post { $0.lookAgain(pattern, then: goOn) }
        case .ownerChanged(let user):
            lookAgain(atRoomsOf: user, on: shards[...], then: goOn)
        case .renamed(let user, let name):
            for shard in shards { shard.post { $0.rename(user, to: name) } }
            perform(rest, sparing: spared, then: finish)
        case .publish, .relationsChanged, .countersChanged:
            // It was done when the commit was told.
            perform(rest, sparing: spared, then: finish)
        case .mailQueued:
            services.mailer.wake()
            perform(rest, sparing: spared, then: finish)
        case .inboxesLeft:
            sweepInboxes()
            perform(rest, sparing: spared, then: finish)
        }
    }

    private func lookAgain(
        atRoomsOf owner: Identifier, on shards: ArraySlice<Shard>,
        then done: @escaping @Sendable () -> Void
    ) {
        guard let shard = shards.first else { return done() }
        shard.post {
            $0.lookAgain(atRoomsOf: owner) { [self] in
                post { $0.lookAgain(atRoomsOf: owner, on: shards.dropFirst(), then: done) }
            }
        }
    }

    private func closePeer(_ address: PeerAddress, ofSessionsIn effects: [Effect]) {
        guard let peer = table.peers[address.token], let session = peer.holder?.session else {
            return
        }
        for case .sessionsEnded(let ended) in effects where ended.contains(session) {
            close(peer, .sessionEnded)
        }
    }
}

/// A command on its way through the journal.
private struct Write<C: Command>: Sendable {
    let command: C
    let operation: Identifier?
    let requestSHA256: [UInt8]
    let origin: CallOrigin

    func run(_ connection: any Connection) throws -> (JSON, [Effect]) {
        let call = CallContext(connection: connection, origin: origin)
        var effects: [Effect] = []
        guard let user = call.user, let operation else {
            return (try perform(call, &effects), effects)
        }
        let operations = OperationStore(connection)
        if let done = try operations.find(operation, of: user, nowMs: origin.nowMs) {
            // An older version did not note what was asked.
            guard done.requestSHA256 == nil || done.requestSHA256 == requestSHA256 else {
                throw OperationRequest.conflict
            }
            return (try JSON.parse(Array(done.answer.utf8), limits: .trusted), [])
        }
        let answer = try perform(call, &effects)
        var kept = answer
        for name in C.hidden { kept = kept.removing(name) }
        try operations.note(
            operation, of: user,
            OperationStore.Done(
                requestSHA256: requestSHA256,
                answer: String(decoding: kept.serialised(), as: UTF8.self)), nowMs: origin.nowMs)
        return (answer, effects)
    }

    /// The command, and who is told of it.
    private func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let feed = try FeedPublications(call.connection)
        let answer = try command.perform(call, &effects)
        try call.notices.follow(&effects)
        try feed.follow(&effects, call)
        return answer
    }
}

extension JSON {
    fileprivate func removing(_ name: String) -> JSON {
        guard var object else { return self }
        object[name] = nil
        return .object(object)
    }
}
