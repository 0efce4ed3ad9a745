import HTTP
import Model
import Transport
import WebSocket
import Wire

/// Plain HTTP, and the way from it to a WebSocket. `Protocol/wire.md#plain-http`.
extension Shard {
    static let subprotocol = "salsanor.v1.json"

    func receiveHTTP(_ bytes: borrowing Span<UInt8>, from peer: Peer) {
        peer.parser.receive(bytes)
        if peer.requestBeganAt == nil { peer.requestBeganAt = moment.elapsed }
        nextRequest(of: peer)
    }

    /// Answers what has come; one request at a time, in order.
    ///
    /// An answer that is there at once must not come back here through its own call: thousands of
    /// pipelined requests would be as many calls deep.
    func nextRequest(of peer: Peer) {
        guard !peer.isTakingRequests, !peer.hasEnded else { return }
        peer.isTakingRequests = true
        defer {
            peer.isTakingRequests = false
            holdReads(of: peer)
        }
        while mayTakeRequest(peer) {
            do throws(HTTP.ParseError) {
                guard let request = try peer.parser.next() else { break }
                peer.isAnswering = true
                handle(request, from: peer)
            } catch {
                peer.closesWhenFlushed = true
                respond(peer, HTTP.Response(status: error.status, text: "\(error)\n"), to: nil)
            }
        }
        if peer.web == nil {
            if peer.parser.takeContinueWanted() {
                peer.httpOutput.append(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                markDirty(peer)
            }
            if !peer.parser.isInsideRequest { peer.requestBeganAt = nil }
            if peer.isInputEnded, mayTakeRequest(peer) {
                peer.closesWhenFlushed = true
                markDirty(peer)
            }
        }
    }

    private func mayTakeRequest(_ peer: Peer) -> Bool {
        peer.web == nil && !peer.isAnswering && !peer.closesWhenFlushed
            && peer.httpOutput.byteCount < Limits.outboxSoftBytes
    }

    /// While an answer is being made, or waits to be read, what the client sends next waits in the
    /// kernel's buffers and not in ours.
    private func holdReads(of peer: Peer) {
        let mustHold =
            peer.web == nil
            && (peer.isInputEnded || peer.closesWhenFlushed || !mayTakeRequest(peer))
        guard mustHold != peer.areReadsHeld, !peer.hasEnded else { return }
        peer.areReadsHeld = mustHold
        loop.setReadInterest(fd: peer.socket.fd, !mustHold)
    }

    /// RFC 9112 §9.6: a client may close its sending half and still wait for answers.
    func inputEnded(of peer: Peer) {
        guard peer.isAnswering || !peer.httpOutput.isEmpty else {
            close(peer)
            return
        }
        peer.isInputEnded = true
        nextRequest(of: peer)
    }

    private func handle(_ request: HTTP.Request, from peer: Peer) {
        let head = request.head
        guard services.hosts.allows(host: head.host) else {
            respond(
                peer,
                HTTP.Response(
                    status: .misdirectedRequest,
                    text: "This server does not answer for that Host. "
                        + "Configure --public-url with the name that people use.\n"), to: head)
            return
        }
        switch head.path {
        case "/v1/socket": upgrade(head, peer)
        case "/v1/rpc": receiveRPC(request, from: peer)
        case "/healthz": answerStatus(nil, head, peer)
        case "/readyz": answerStatus(services.health.complaint, head, peer)
        default:
            respond(
                peer,
                HTTP.Response(
                    status: .notFound,
                    text: "Not found. Here are /v1/socket, /v1/rpc, /healthz and /readyz.\n"),
                to: head)
        }
    }

    private func answerStatus(_ complaint: String?, _ head: RequestHead, _ peer: Peer) {
        guard head.method == .get || head.method == .head else {
            respond(
                peer,
                HTTP.Response(
                    status: .methodNotAllowed, text: "GET or HEAD\n",
                    headers: ["Allow": "GET, HEAD"]), to: head)
            return
        }
        let response = HTTP.Response(
            status: complaint == nil ? .ok : .serviceUnavailable,
            text: (complaint ?? "ok") + "\n", headers: ["Cache-Control": "no-store"])
        respond(peer, response, to: head)
    }

    /// - Parameter head: nil after a request that could not be read.
    func respond(_ peer: Peer, _ response: HTTP.Response, to head: RequestHead?) {
        let keepAlive = head?.keepsAlive == true && !peer.closesWhenFlushed && !isStopping
        var response = response
        response.headers.set("X-Content-Type-Options", "nosniff")
        peer.httpOutput.append(
            response.serialised(
                keepAlive: keepAlive, version: head?.version ?? .http11,
                omitsBody: head?.method == .head))
        if !keepAlive { peer.closesWhenFlushed = true }
        peer.isAnswering = false
        peer.requestBeganAt = nil
        peer.idleSince = moment.elapsed
        markDirty(peer)
        armTimer(of: peer)
    }

    // MARK: - WebSocket

    private func upgrade(_ head: RequestHead, _ peer: Peer) {
        guard !isStopping else {
            respond(
                peer,
                HTTP.Response(status: .serviceUnavailable, text: "The server is stopping.\n"),
                to: head)
            return
        }
        guard services.hosts.allows(origin: head.headers["Origin"]) else {
            respond(
                peer,
                HTTP.Response(
                    status: .forbidden,
                    text: "Pages of this origin may not connect. Allow it with --origin.\n"),
                to: head)
            return
        }
        switch ServerHandshake.respond(to: head, subprotocols: [Self.subprotocol]) {
        case .rejected(let response): respond(peer, response, to: head)
        case .accepted(_, nil, _):
            respond(
                peer,
                HTTP.Response(
                    status: .badRequest,
                    text: "Offer Sec-WebSocket-Protocol: \(Self.subprotocol)\n"), to: head)
        case .accepted(let response, .some, _):
            peer.httpOutput.append(response)
            flushHandshake(peer)
            if !peer.hasEnded { greet(peer) }
        }
    }

    /// The kernel's buffer of a new connection takes a handshake whole; one that does not is not
    /// waited for.
    private func flushHandshake(_ peer: Peer) {
        guard case .emptied = peer.httpOutput.flush(to: peer.socket) else {
            close(peer)
            return
        }
        peer.web = WebSocket.Connection(
            role: .server, limits: Peer.socketLimits, now: moment.elapsed)
    }

    private func greet(_ peer: Peer) {
        let params: JSON.Object = [
            "server": "salsanor", "protocol": 1, "timeMs": .integer(moment.wallClockMs),
            "heartbeatSeconds": .integer(Int64(Limits.heartbeatSeconds)),
            "sessionOpenSeconds": .integer(Int64(Limits.sessionOpenSeconds)),
            "limits": [
                "messageBytesMax": .integer(Int64(Limits.messageBytesMax)),
                "editsPerSecondMax": .integer(Int64(Limits.editsPerSecondMax)),
                "pathsPerEditMax": .integer(Int64(Limits.pathsPerEditMax)),
            ],
        ]
        sendText(
            ServerMessage.notification(method: "hello", params: params).bytes, to: peer)
        let early = peer.parser.takeUnconsumed()
        if !early.isEmpty {
            peer.web?.receive(early.span, now: moment.elapsed)
            takeEvents(of: peer)
        }
        markDirty(peer)
    }

    // MARK: - POST /v1/rpc

    private func receiveRPC(_ request: HTTP.Request, from peer: Peer) {
        let head = request.head
        let origin = head.headers["Origin"]
        guard services.hosts.allows(origin: origin) else {
            respond(
                peer,
                HTTP.Response(
                    status: .forbidden,
                    text: "Pages of this origin may not call. Allow it with --origin.\n"),
                to: head)
            return
        }
        switch head.method {
        case .options:
            var response = HTTP.Response(status: .noContent)
            response.headers.set("Allow", "POST, OPTIONS")
            respond(peer, response.allowing(origin), to: head)
        case .post:
            guard Self.isJSON(head.headers["Content-Type"]) else {
                let response = HTTP.Response(
                    status: .unsupportedMediaType, text: "Content-Type: application/json\n")
                respond(peer, response.allowing(origin), to: head)
                return
            }
            authorise(head, peer) { shard, peer, caller in
                shard.call(request.body, head, as: caller, peer)
            }
        default:
            let response = HTTP.Response(
                status: .methodNotAllowed, text: "POST\n",
                headers: ["Allow": "POST, OPTIONS"])
            respond(peer, response.allowing(origin), to: head)
        }
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type else { return false }
        let essence = type.prefix { $0 != ";" && $0 != " " }
        return Characters.equalIgnoringCase(String(essence), "application/json")
    }

    private func authorise(
        _ head: RequestHead, _ peer: Peer,
        then: @escaping @Sendable (isolated Shard, Peer, Caller) -> Void
    ) {
        guard let header = head.headers["Authorization"] else {
            then(self, peer, .guest)
            return
        }
        guard header.lowercased().hasPrefix("bearer ") else {
            let response = HTTP.Response(
                status: .unauthorized, text: "Authorization: Bearer <token>\n",
                headers: ["WWW-Authenticate": "Bearer"])
            respond(peer, response.allowing(head.headers["Origin"]), to: head)
            return
        }
        let address = peer.address
        findHolder(ofToken: String(header.dropFirst(7))) { shard, result in
            guard let peer = shard.peers[address.token] else { return }
            switch result {
            case .success(let holder): then(shard, peer, .user(holder))
            case .failure(let error):
                let status: Status =
                    error.name == .unauthenticated ? .unauthorized : .serviceUnavailable
                let response = HTTP.Response(
                    status: status, text: error.message + "\n",
                    headers: ["WWW-Authenticate": "Bearer"])
                shard.respond(peer, response.allowing(head.headers["Origin"]), to: head)
            }
            shard.nextRequest(of: peer)
        }
    }

    private func call(_ body: [UInt8], _ head: RequestHead, as caller: Caller, _ peer: Peer) {
        let message: IncomingMessage
        do throws(WireError) {
            message = try IncomingMessage(bytes: body)
        } catch {
            finishHTTP(peer, head, answers: [Answer.failure(error).bytes(for: .null)], true)
            return
        }
        perform(message, as: caller, peer, httpHead: head)
    }

    /// Writes the answers of one `POST /v1/rpc`.
    func finishHTTP(
        _ peer: Peer, _ head: RequestHead, answers: [[UInt8]], _ isSingle: Bool
    ) {
        var response: HTTP.Response
        if answers.isEmpty {
            response = HTTP.Response(status: .noContent)
        } else {
            response = HTTP.Response(
                status: .ok, body: isSingle ? answers[0] : Self.array(of: answers))
            response.headers.set("Content-Type", "application/json")
        }
        response.headers.set("Cache-Control", "no-store")
        respond(peer, response.allowing(head.headers["Origin"]), to: head)
        // More may have been pipelined behind the request that is now answered.
        nextRequest(of: peer)
    }

    static func array(of answers: [[UInt8]]) -> [UInt8] {
        Array("[".utf8) + answers.joined(separator: Array(",".utf8)) + Array("]".utf8)
    }
}

extension HTTP.Response {
    /// CORS, for a page whose origin is on the list. The response depends on the origin.
    fileprivate func allowing(_ origin: String?) -> HTTP.Response {
        var response = self
        response.headers.set("Vary", "Origin")
        guard let origin else { return response }
        response.headers.set("Access-Control-Allow-Origin", origin)
        response.headers.set("Access-Control-Allow-Methods", "POST, OPTIONS")
        response.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type")
        response.headers.set("Access-Control-Max-Age", "\(Limits.corsSeconds)")
        return response
    }
}
