import HTTP
import Model
import Transport
import Wire

/// From a message to its calls, and from answers to messages. `Protocol/wire.md#json-rpc`.
extension Shard {
    func receiveMessage(_ text: [UInt8], from peer: Peer) {
        charge(peer, calls: text.count / Limits.bytesPerCharge)
        do throws(WireError) {
            perform(try IncomingMessage(bytes: text), as: nil, peer, httpHead: nil)
        } catch {
            charge(peer, calls: 1)
            sendText(ServerMessage.failure(.null, error).bytes, to: peer)
        }
    }

    /// Who sends too fast is read more slowly; nothing is refused, and nothing is lost.
    func charge(_ peer: Peer, calls: Int) {
        guard let waitMs = peer.messages.spend(calls, now: moment.elapsed) else { return }
        let deadline = moment.elapsed + .milliseconds(waitMs)
        peer.readsPausedUntil = deadline
        loop.pauseReads(fd: peer.socket.fd, until: deadline)
    }

    func caller(_ peer: Peer) -> Caller {
        switch peer.session {
        case .none, .opening: .anyone
        case .guest: .guest
        case .user(let holder): .user(holder)
        }
    }

    /// - Parameter caller: nil on a socket: who its session says, which a call of a batch may open
    ///   for the next.
    func perform(
        _ message: IncomingMessage, as caller: Caller?, _ peer: Peer, httpHead: RequestHead?
    ) {
        let calls: [Result<Wire.Request, Wire.Request.Unreadable>]
        let isSingle: Bool
        switch message {
        case .single(let call):
            calls = [call]
            isSingle = true
        case .batch(let batch):
            calls = batch
            isSingle = false
        }
        charge(peer, calls: calls.count)
        var batch: Int?
        if !isSingle || httpHead != nil {
            batch = openBatch(calls, isSingle: isSingle, peer, httpHead: httpHead)
        }
        for call in calls {
            switch call {
            case .success(let request):
                let reply = Reply(peer: peer.address, id: request.id, batch: batch)
                perform(
                    request, as: caller ?? self.caller(peer), peer, reply,
                    isHTTP: httpHead != nil)
            case .failure(let unreadable):
                let reply = Reply(peer: peer.address, id: unreadable.id, batch: batch)
                answer(reply, .failure(unreadable.error))
            }
        }
        // A batch of notifications only has nothing to wait for.
        if let batch { finishBatchIfComplete(batch, peer) }
    }

    private func perform(
        _ request: Wire.Request, as caller: Caller, _ peer: Peer, _ reply: Reply, isHTTP: Bool
    ) {
        guard let method = Wire.Method(rawValue: request.method) else {
            let error = WireError(
                .methodNotFound, "no method \(request.method.prefix(80))",
                allowed: Wire.Method.allCases.map(\.rawValue).joined(separator: ", "))
            refuse(request, reply, error)
            return
        }
        let description = method.description
        if isHTTP, description.needsStream {
            refuse(
                request, reply,
                WireError(.streamRequired, "\(method.rawValue) needs a socket: /v1/socket"))
            return
        }
        switch (description.caller, caller) {
        case (.guest, .anyone), (.user, .anyone), (.admin, .anyone):
            refuse(request, reply, WireError(.sessionRequired, "call session.open first"))
            return
        case (.user, .guest) where method != .roomEdit, (.admin, .guest),
            (.user, .localAdministrator):
            refuse(
                request, reply,
                WireError(
                    .forbidden, "sign in first", allowed: description.caller.rawValue))
            return
        case (.admin, .user(let holder)) where !holder.isAdmin:
            refuse(
                request, reply,
                WireError(.forbidden, "administrators only", allowed: "admin"))
            return
        default: break
        }
        do throws(WireError) {
            let params = try description.check(request.params)
            try charge(description.rate, caller, peer)
            try dispatch(method, params, as: caller, peer, reply)
        } catch {
            refuse(request, reply, error)
        }
    }

    /// - Throws: `rate`. A connection that is not counted, such as one of this machine, is not
    ///   charged either, unless somebody is signed in on it.
    func charge(_ rate: RateClass, _ caller: Caller, _ peer: Peer) throws(WireError) {
        let holder: CallRates.Holder?
        if let user = caller.holder?.user, rate != .account {
            holder = .user(user)
        } else {
            holder = peer.network.map { .network($0) }
        }
        guard let holder, let waitMs = services.rates.charge(rate, holder, now: now) else { return }
        throw WireError(
            .rate, "too many calls of this kind",
            allowed: "\(rate.perSecond) per second, \(rate.burst) at once", retryAfterMs: waitMs)
    }

    private func dispatch(
        _ method: Wire.Method, _ params: JSON.Object, as caller: Caller, _ peer: Peer,
        _ reply: Reply
    ) throws(WireError) {
        switch method {
        case .sessionOpen: try openSession(params, peer, reply)
        case .sessionRenew: try renewSession(params, by: caller, peer, reply)
        case .accountRegister, .accountSignIn, .accountSignOut, .accountSignOutEverywhere,
            .accountSessions, .accountRevokeSession, .accountGet, .accountUpdate,
            .accountSetPreferences, .accountChangePassword, .accountDeactivate, .accountDelete,
            .accountExport:
            try callAccount(method, params, by: caller, peer, reply)
        case .accountRequestVerification, .accountVerifyEmail, .accountChangeEmail,
            .accountRequestPasswordReset, .accountResetPassword:
            try callMail(method, params, by: caller, peer, reply)
        case .accountProviders, .accountSignInWith, .accountLink, .accountUnlink:
            try callProvider(method, params, by: caller, peer, reply)
        case .heartbeat: try heartbeat(params, peer, reply)
        case .clock: tellTime(params, reply)
        case .streamOpen: try openStream(params, peer, reply)
        case .streamClose: try closeStream(params, peer, reply)
        case .feedList:
            try read(ListFeed(page: PageRequest(params, of: method)), by: caller, reply)
        case .patternDiscover:
            try read(DiscoverPatterns(params, rankings: services.rankings), by: caller, reply)
        case .historyRestore: try restoreHistory(params, by: caller, reply)
        case .historyList, .historyGet, .versionList, .versionCreate, .versionRename,
            .versionDelete:
            try perform(HistoryCalls.call(method, params), method, params, by: caller, reply)
        case .roomJoin: try joinRoom(JoinRequest(params), peer, .reply(reply))
        case .roomLeave: try leaveRoom(params, peer, reply)
        case .roomEdit: try editRoom(EditRequest(params), peer, reply)
        case .roomPresence: try touch(params, peer, reply)
        case .roomHeal: try heal(params, peer, reply)
        case .roomTransport: try transport(TransportRequest(params), peer, reply)
        case .roomLead: try lead(LeadRequest(params), peer, reply)
        case .patternCreate, .patternGet, .patternList, .patternUpdate, .patternPublish,
            .patternUnpublish, .patternDelete, .patternRestore, .patternDeleted, .patternFork,
            .patternPlay, .patternCollaborators, .patternInvite, .patternAnswerInvitation,
            .patternInvitations, .patternSetRole, .patternRemoveCollaborator, .patternShare,
            .patternLinks, .patternUnshare, .patternOpenLink:
            try performPatternCall(method, params, by: caller, peer, reply)
        case .patternLike, .patternUnlike, .patternLikes, .commentCreate, .commentList,
            .commentReplies, .commentUpdate, .commentDelete, .userGet, .userFollow,
            .userUnfollow, .userFollowers, .userFollowing, .userBlock, .userUnblock,
            .userBlocked:
            try perform(SocialCalls.call(method, params), method, params, by: caller, reply)
        case .inboxList, .inboxGroups, .inboxMarkRead, .inboxSettings, .inboxSetSettings,
            .inboxMutePattern, .inboxUnmutePattern:
            try perform(InboxCalls.call(method, params), method, params, by: caller, reply)
        case .adminUsers, .adminSetActive, .adminSetAdmin, .adminRemovePattern,
            .adminRestorePattern, .adminRemoveComment, .adminSessions, .adminRevokeSession,
            .adminLog:
            try perform(
                AdministrationCalls.call(method, params), method, params, by: caller, reply)
        }
    }

    /// A notification has no response, so its refusal goes out as one of our own: nothing is
    /// dropped in silence.
    func refuse(_ request: Wire.Request, _ reply: Reply, _ error: WireError) {
        guard reply.id == nil else {
            answer(reply, .failure(error))
            return
        }
        refuseNotification(reply, method: request.method, error)
    }

    func refuseNotification(_ reply: Reply, method: String, _ error: WireError) {
        guard let peer = table.peers[reply.peer.token], peer.web != nil else { return }
        let params: JSON.Object = ["method": .string(method), "error": error.json]
        sendText(
            ServerMessage.notification(method: NotificationName.refused, params: params).bytes,
            to: peer)
    }

    // MARK: - Answers

    /// Answers a call whose socket may belong to any shard.
    func answer(_ reply: Reply, _ answer: Answer) {
        guard reply.peer.shard == index else {
            send(.answer(reply, answer), to: reply.peer.shard)
            return
        }
        guard let id = reply.id, let peer = table.peers[reply.peer.token] else { return }
        let bytes = answer.bytes(for: id)
        guard let batch = reply.batch else {
            sendText(bytes, to: peer)
            return
        }
        peer.batches[batch]?.answers.append(bytes)
        peer.batches[batch]?.unanswered -= 1
        finishBatchIfComplete(batch, peer)
    }

    /// Answers when `time` has come.
    func answer(_ reply: Reply, _ answer: Answer, notBefore time: Duration) {
        let token = table.takeToken()
        heldAnswers[token] = (reply, answer)
        timers.set(.answer(token), at: time)
    }

    private func openBatch(
        _ calls: [Result<Wire.Request, Wire.Request.Unreadable>], isSingle: Bool, _ peer: Peer,
        httpHead: RequestHead?
    ) -> Int {
        var batch = Peer.Batch(isSingle: isSingle, unanswered: 0, httpHead: httpHead)
        for call in calls {
            switch call {
            case .success(let request):
                if request.id != nil { batch.unanswered += 1 }
            case .failure: batch.unanswered += 1
            }
        }
        peer.nextBatch += 1
        peer.batches[peer.nextBatch] = batch
        return peer.nextBatch
    }

    private func finishBatchIfComplete(_ number: Int, _ peer: Peer) {
        guard let batch = peer.batches[number], batch.unanswered == 0 else { return }
        peer.batches[number] = nil
        if let head = batch.httpHead {
            finishHTTP(peer, head, answers: batch.answers, batch.isSingle)
        } else if !batch.answers.isEmpty {
            sendText(Self.array(of: batch.answers), to: peer)
        }
    }
}
