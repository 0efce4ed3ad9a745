import CRDT
import Model
import Rooms
import Social
import Storage
import Wire

/// `pattern.*`, apart from discovery and likes. `Protocol/patterns.md`.
extension Shard {
    func performPatternCall(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ peer: Peer,
        _ reply: Reply
    ) throws(WireError) {
        switch method {
        case .patternGet: try getPattern(params, for: caller, reply)
        case .patternUpdate: try updatePattern(params, by: caller, reply)
        case .patternFork: try forkPattern(params, by: caller, reply)
        default:
            let call = try PatternCalls.call(
                method, params, listener: peer.network, catalogue: services.catalogue)
            if case .write(let command) = call {
                try writePattern(command, method, params, by: caller, reply)
            } else {
                try perform(call, method, params, by: caller, reply)
            }
        }
    }

    /// Answers with the pattern as it is now, if the command names one, whether this call or an
    /// earlier one with its `opId` did it.
    func writePattern(
        _ command: any Command, _ method: Wire.Method, _ params: JSON.Object, by caller: Caller,
        _ reply: Reply
    ) throws(WireError) {
        try write(command, method, params, by: caller, reply) { shard, reply, answer in
            guard case .object(let made) = answer, made.members.map(\.key) == ["pattern"] else {
                shard.answer(reply, .json(answer))
                return
            }
            shard.answerPattern(made, for: caller, reply)
        }
    }

    func answerPattern(_ params: JSON.Object, for caller: Caller, _ reply: Reply) {
        do throws(WireError) {
            try getPattern(params, for: caller, reply)
        } catch {
            answer(reply, .failure(error))
        }
    }

    /// Read from its row, and from its room while that is open: the row may lag.
    func getPattern(
        _ params: JSON.Object, for caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let id = try Params(params).identifier("pattern")
        try read(by: caller, { try FoundPattern.read(id, $0) }) { shard, result in
            switch result {
            case .success(let found): shard.answer(reply, found)
            case .failure(let error): shard.answer(reply, .failure(error))
            }
        }
    }

    /// The home of its room knows it best.
    private func answer(_ reply: Reply, _ found: FoundPattern) {
        shards[home(of: found.summary.record.id)].post { home in
            home.answer(reply, .json(["pattern": home.current(found)]))
        }
    }

    private func current(_ found: FoundPattern) -> JSON {
        guard case .open(let host)? = rooms[found.summary.record.id] else { return found.json }
        var found = found
        found.summary.record.content = PatternContent(host.room.row)
        found.head = (host.room.epoch, host.room.committed.number)
        return found.json
    }
}
