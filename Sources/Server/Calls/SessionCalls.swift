import Logging
import Model
import Rooms
import Storage
import Transport
import Wire

/// `session.open`, `heartbeat`, and finding out whose a token is.
extension Shard {
    func openSession(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        guard case .none = peer.session else {
            throw WireError(.sessionOpen, "this socket has a session already")
        }
        let reader = Params(params)
        let token = try reader.optional("token", reader.text)
        let entries =
            try reader.optional("resume") { (name) throws(WireError) in
                try reader.array(name, countMax: Limits.roomsPerPeerMax)
            } ?? []
        var requests: [JoinRequest] = []
        for entry in entries {
            guard let object = entry.object else {
                throw reader.refused("resume", allowed: "array of room.join params")
            }
            requests.append(try JoinRequest(object))
        }
        let resumes = requests
        let streams = try StreamName.wanted(reader)
        guard let token else {
            opened(peer, holder: nil, resumes, streams, reply)
            return
        }
        peer.session = .opening
        let address = peer.address
        findHolder(ofToken: token) { shard, result in
            guard let peer = shard.table.peers[address.token] else { return }
            switch result {
            case .success(let holder):
                shard.opened(peer, holder: holder, resumes, streams, reply)
            case .failure(let error):
                peer.session = .none
                shard.answer(reply, .failure(error))
            }
        }
    }

    private func opened(
        _ peer: Peer, holder: Peer.Holder?, _ resumes: [JoinRequest],
        _ streams: [(name: StreamName, cursor: Cursor?)], _ reply: Reply
    ) {
        peer.session = holder.map { .user($0) } ?? .guest
        armTimer(of: peer)
        let user: JSON =
            holder.map {
                ["id": .string($0.user.description), "displayName": .string($0.displayName)]
            } ?? .null
        answer(reply, .json(["user": user, "timeMs": .integer(moment.wallClockMs)]))
        for resume in resumes {
            do throws(WireError) {
                try joinRoom(resume, peer, .event)
            } catch {
                turnAway(peer, resume.room, error, .event)
            }
        }
        openStreams(streams, peer)
    }

    func heartbeat(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        for (key, value) in try reader.optional("rooms", reader.object)?.members ?? [] {
            guard let room = Identifier(key), let state = value.object else {
                throw reader.refused("rooms", allowed: "{<pattern id>: {number, confirmed}}")
            }
            let confirmed = try Params(state).optional("confirmed") { (name) throws(WireError) in
                try Params(state).integer(name, in: 0...Int64.max)
            }
            guard let confirmed, confirmed > 0, let member = peer.rooms[room] else { continue }
            send(.confirm(room, member, through: confirmed), to: home(of: room))
        }
        if case .user(var holder) = peer.session {
            slide(&holder)
            peer.session = .user(holder)
        }
        let sent = acknowledge(try reader.optional("streams", reader.object) ?? [:], peer)
        var result: JSON.Object = ["timeMs": .integer(moment.wallClockMs)]
        if !sent.members.isEmpty { result["streams"] = .object(sent) }
        answer(reply, .json(.object(result)))
    }

    /// `Protocol/playing.md#clock`. What waits for a batch leaves later than it says.
    func tellTime(_ params: JSON.Object, _ reply: Reply) {
        var times: JSON.Object = [
            "receivedMs": .integer(moment.wallClockMs),
            "answeredMs": .integer(max(moment.wallClockMs, EventLoop.wallClockMs)),
        ]
        if let sentMs = params["sentMs"], !sentMs.isNull { times["sentMs"] = sentMs }
        answer(reply, .json(.object(times)))
    }

    /// Looks a session up away from the loop; `completion` runs in a turn of this shard.
    func findHolder(
        ofToken token: String,
        completion:
            @escaping @Sendable (isolated Shard, Result<Peer.Holder, WireError>) -> Void
    ) {
        let hash = Secret.sha256(token)
        let nowMs = moment.wallClockMs
        let lookup = table.takeToken()
        lookups.begin(lookup)
        let isReading = services.reader.read(
            { try SessionStore($0).holder(tokenSHA256: hash, nowMs: nowMs) },
            completion: { [self] result in
                post { shard in
                    let found = try? result.get()
                    let stands = shard.lookups.finish(lookup, found: found?.session)
                    switch result {
                    case .success(.some(let found)) where stands:
                        var holder = Peer.Holder(found)
                        shard.slide(&holder)
                        completion(shard, .success(holder))
                    case .success:
                        completion(
                            shard,
                            .failure(
                                WireError(
                                    .unauthenticated, "this token is not valid", path: "/token",
                                    allowed: "a token of account.signIn")))
                    case .failure(let error):
                        completion(shard, .failure(shard.unexpected(error)))
                    }
                }
            })
        if !isReading {
            _ = lookups.finish(lookup, found: nil)
            completion(self, .failure(WireError.busy))
        }
    }

    /// Sessions slide as they are used, but are written at most hourly.
    private func slide(_ holder: inout Peer.Holder) {
        guard holder.slide(nowMs: moment.wallClockMs) else { return }
        let touched = holder
        services.journal.perform(
            {
                try SessionStore($0).touch(
                    touched.session, nowMs: touched.lastUsedMs, expiresMs: touched.expiresMs)
            }, completion: { _ in })
    }

    /// The session of an open socket should be over; unless it was used elsewhere since.
    func checkExpiry(of holder: Peer.Holder, _ peer: Peer) {
        // Looked at again soon if the disk has no answer.
        peer.extend(holder.session, to: moment.wallClockMs + Int64(Limits.busyRetryMs))
        let (session, address) = (holder.session, peer.address)
        _ = services.reader.read(
            { try SessionStore($0).expiry(of: session) },
            completion: { [self] result in
                post { shard in
                    guard let peer = shard.table.peers[address.token],
                        peer.holder?.session == session, case .success(let expiresMs) = result
                    else { return }
                    if let expiresMs, expiresMs > shard.moment.wallClockMs {
                        peer.extend(session, to: expiresMs)
                        shard.armTimer(of: peer)
                    } else {
                        shard.close(peer, .sessionEnded)
                    }
                }
            })
    }

    /// `session.renew`: another session of the same user for an open socket.
    func renewSession(
        _ params: JSON.Object, by caller: Caller, _ peer: Peer, _ reply: Reply
    ) throws(WireError) {
        let token = try Params(params).text("token")
        guard let user = caller.holder?.user else {
            throw WireError(.forbidden, "sign in first", allowed: "user")
        }
        let address = peer.address
        findHolder(ofToken: token) { shard, result in
            guard let peer = shard.table.peers[address.token], peer.web?.isOpen == true else {
                return
            }
            switch result {
            case .success(let holder) where holder.user == user:
                peer.session = .user(holder)
                shard.armTimer(of: peer)
                shard.answer(reply, .json(["expiresMs": .integer(holder.expiresMs)]))
            case .success:
                shard.answer(
                    reply,
                    .failure(
                        WireError(
                            .forbidden, "this token is another user's", path: "/token",
                            allowed: "a token of the same user")))
            case .failure(let error): shard.answer(reply, .failure(error))
            }
        }
    }

    /// What members of rooms are shown as, those who are in already too.
    func rename(_ user: Identifier, to name: String) {
        for peer in table.peers.all {
            guard case .user(var holder) = peer.session, holder.user == user else { continue }
            holder.displayName = name
            peer.session = .user(holder)
        }
        for id in rooms.keys { withRoom(id) { $0.room.rename(user, to: name) } }
    }
}

extension Peer.Holder {
    init(_ found: SessionHolder) {
        self.init(
            session: found.session, user: found.user, displayName: found.displayName,
            isAdmin: found.isAdmin, expiresMs: found.expiresMs, lastUsedMs: found.lastUsedMs)
    }

    /// Says whether the use now is to be written down.
    mutating func slide(nowMs: Int64) -> Bool {
        guard nowMs - lastUsedMs >= SessionStore.touchMs else { return false }
        lastUsedMs = nowMs
        expiresMs = nowMs + SessionToken.lifetimeMs
        return true
    }
}

extension Peer {
    fileprivate func extend(_ session: Identifier, to expiresMs: Int64) {
        guard case .user(var holder) = self.session, holder.session == session else { return }
        holder.expiresMs = expiresMs
        self.session = .user(holder)
    }
}
