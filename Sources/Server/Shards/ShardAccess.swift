import Model
import Rooms
import Social
import Wire

/// Changes of who may be in a room, as its home hears of them.
/// `Protocol/rooms.md#when-access-changes`.
extension Shard {
    /// Reads anew who may be in a room, if it is open, and sends out who may not.
    ///
    /// - Parameter done: called once that is so; on any thread.
    func lookAgain(_ id: Identifier, then done: @escaping @Sendable () -> Void) {
        switch rooms[id] {
        case nil: done()
        case .loading(let waiting, _)?:
            // Nobody is in yet, and what is being read may be older than the change.
            rooms[id] = .loading(waiting, isStale: true)
            done()
        case .open?:
            accessQuestions += 1
            let question = accessQuestions
            let isReading = services.reader.read(
                { try RoomAccess.read(id, from: $0) },
                completion: { [self] result in
                    post { shard in
                        shard.lookedAgain(id, question, result)
                        done()
                    }
                })
            if !isReading {
                withRoom(id) { reload($0) }
                done()
            }
        }
    }

    private func lookedAgain(
        _ id: Identifier, _ question: Int, _ result: Result<RoomAccess?, any Error>
    ) {
        withRoom(id) { host in
            switch result {
            case .success(let access?):
                host.take(access, answering: question, now: moment.elapsed)
            case .success(nil):
                host.room.end(code: .notFound, reason: "no such pattern", now: moment.elapsed)
            case .failure(let error):
                // Who may be here is not known: they ask again, one by one.
                _ = unexpected(error)
                reload(host)
            }
        }
    }

    /// The same for all open rooms whose owner came or went.
    func lookAgain(atRoomsOf owner: Identifier, then done: @escaping @Sendable () -> Void) {
        let theirs = rooms.compactMap { id, slot in
            switch slot {
            case .loading: id
            case .open(let host): host.access.facts.owner == owner ? id : nil
            }
        }
        lookAgain(theirs[...], then: done)
    }

    private func lookAgain(
        _ ids: ArraySlice<Identifier>, then done: @escaping @Sendable () -> Void
    ) {
        guard let id = ids.first else { return done() }
        lookAgain(id) { [self] in
            post { $0.lookAgain(ids.dropFirst(), then: done) }
        }
    }
}
