import Crypto
import Logging
import Model
import Rooms
import Storage
import Wire

/// `session.open`, `heartbeat`, and finding out whose a token is.
extension Shard {
    func openSession(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        guard case .none = peer.session else {
            throw WireError(.sessionOpen, "this socket has a session already")
        }
        let reader = Params(params)
        let token = try reader.optional("token") { (name) throws(WireError) in
            try reader.text(name, in: 1...Limits.tokenCharactersMax)
        }
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
        guard let token else {
            opened(peer, holder: nil, resumes, reply)
            return
        }
        peer.session = .opening
        let address = peer.address
        findHolder(ofToken: token) { shard, result in
            guard let peer = shard.table.peers[address.token] else { return }
            switch result {
            case .success(let holder): shard.opened(peer, holder: holder, resumes, reply)
            case .failure(let error):
                peer.session = .none
                shard.answer(reply, .failure(error))
            }
        }
    }

    private func opened(
        _ peer: Peer, holder: Peer.Holder?, _ resumes: [JoinRequest], _ reply: Reply
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
        answer(reply, .json(["timeMs": .integer(moment.wallClockMs)]))
    }

    /// Looks a session up away from the loop; `completion` runs in a turn of this shard.
    func findHolder(
        ofToken token: String,
        completion:
            @escaping @Sendable (isolated Shard, Result<Peer.Holder, WireError>) -> Void
    ) {
        let hash = SessionToken.hash(token)
        let nowMs = moment.wallClockMs
        let journal = services.journal
        let isReading = services.reader.read(
            { try SessionStore($0).holder(tokenSHA256: hash, nowMs: nowMs) },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(.some(let found)):
                        SessionToken.touch(found, nowMs: nowMs, journal: journal)
                        completion(
                            shard,
                            .success(
                                Peer.Holder(
                                    session: found.session, user: found.user,
                                    displayName: found.displayName, isAdmin: found.isAdmin)))
                    case .success(nil):
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
        if !isReading { completion(self, .failure(WireError.busy)) }
    }

    /// Our own failure: logged in full, told in general.
    func unexpected(_ error: any Error) -> WireError {
        if services.health.isReadOnly, let error = error as? DatabaseError, error.endsTransaction {
            // After an I/O error connections are replaced; until that succeeds nothing is read.
            return .readOnly
        }
        log.error("a call failed: \(error)")
        return WireError(
            .internal, "the server failed; it was logged",
            retryAfterMs: Int64(Limits.busyRetryMs))
    }
}

extension WireError {
    static var busy: WireError {
        WireError(
            .busy, "too many calls of this kind at once",
            retryAfterMs: Int64(Limits.busyRetryMs))
    }
}

/// A session's secret: 256 random bits with a prefix that scanners of leaked secrets can find.
/// Only its SHA-256 is stored.
enum SessionToken {
    static func make(_ random: [UInt8]) -> String { "sn_" + Hexadecimal.text(random) }

    static func hash(_ token: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }

    /// Sessions slide, but are written at most hourly.
    static func touch(_ holder: SessionHolder, nowMs: Int64, journal: Journal) {
        guard nowMs - holder.lastUsedMs >= SessionStore.touchMs else { return }
        let session = holder.session
        journal.perform(
            {
                try SessionStore($0).touch(
                    session, nowMs: nowMs, expiresMs: nowMs + lifetimeMs)
            }, completion: { _ in })
    }

    static var lifetimeMs: Int64 { Int64(Limits.sessionDays) * 86_400_000 }
}
