import HTTP
import Model
import Transport
import WebSocket
import Wire

/// Plain HTTP, and the way from it to a WebSocket. `Protocol/wire.md#plain-http`.
extension Shard {
    func receive(_ request: HTTP.Request, from peer: Peer) {
        let head = request.head
        if peer.isLocal {
            receiveLocal(request, from: peer)
            return
        }
        peer.userAgent = ClientTrace.agent(head.headers["User-Agent"])
        if let refusal = identify(peer, head) {
            respond(peer, Self.response(to: refusal), to: head)
            return
        }
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
        case "/v1/openrpc.json": answerOpenRPC(head, peer)
        case "/healthz": answerStatus(nil, head, peer)
        case "/readyz": answerStatus(services.health.complaint, head, peer)
        default:
            if let file = WebFiles.file(atPath: head.path) {
                answerPage(file, head, peer)
                return
            }
            if let secret = UnsubscribeLink.secret(ofPath: head.path) {
                answerUnsubscribe(secret, head, peer)
                return
            }
            if let pattern = Thumbnail.pattern(ofPath: head.path) {
                answerThumbnail(of: pattern, head, peer)
                return
            }
            respond(
                peer,
                HTTP.Response(
                    status: .notFound,
                    text: "Not found. Here are /, /v1/socket, /v1/rpc, /v1/openrpc.json, /healthz "
                        + "and /readyz.\n"),
                to: head)
        }
    }

    /// Behind a trusted proxy a request says who sent it: that is who the connection belongs to and
    /// is counted for until another request on it says otherwise.
    private func identify(_ peer: Peer, _ head: RequestHead) -> Admission.Refusal? {
        guard let address = peer.socket.peerAddress, services.proxies.trust(address) else {
            return nil
        }
        let client = services.proxies.client(of: head.headers, from: address)
        peer.client = client
        let network = ClientNetwork(client)
        let former = peer.network
        guard network != former else { return nil }
        if let former { admission.leave(former) }
        peer.network = nil
        // The proxy's own request, such as a look at /healthz: it is nobody's client.
        if !services.proxies.names(head.headers) { return nil }
        if let refusal = admission.enter(network, isNew: former == nil, now: now) {
            return refusal
        }
        peer.network = network
        return nil
    }

    /// The methods, for programs. Anybody may read it, pages of any origin included.
    private func answerOpenRPC(_ head: RequestHead, _ peer: Peer) {
        guard isReading(head, peer) else { return }
        let response = HTTP.Response(
            status: .ok,
            headers: [
                "Content-Type": "application/json",
                "Cache-Control": "public, max-age=\(Limits.openRPCSeconds)",
                "Access-Control-Allow-Origin": "*",
            ], body: OpenRPC.bytes)
        respond(peer, response, to: head)
    }

    private func answerPage(_ file: WebFile, _ head: RequestHead, _ peer: Peer) {
        guard isReading(head, peer) else { return }
        let known = head.headers.values(of: "If-None-Match").joined(separator: ",")
        respond(peer, file.response(host: head.host.lowercased(), ifNoneMatch: known), to: head)
    }

    /// Whether it is a GET or HEAD; any other verb is answered.
    private func isReading(_ head: RequestHead, _ peer: Peer) -> Bool {
        if head.method == .get || head.method == .head { return true }
        respond(
            peer,
            HTTP.Response(
                status: .methodNotAllowed, text: "GET or HEAD\n",
                headers: ["Allow": "GET, HEAD"]), to: head)
        return false
    }

    /// Charges a request that is no call; one over the rate is answered.
    func isCharged(
        _ rate: RateClass, _ caller: Caller, _ head: RequestHead, _ peer: Peer
    ) -> Bool {
        do throws(WireError) {
            try charge(rate, caller, peer)
            return true
        } catch {
            let seconds = ((error.retryAfterMs ?? 0) + 999) / 1_000
            respond(
                peer,
                HTTP.Response(
                    status: .tooManyRequests, text: "Too many requests.\n",
                    headers: ["Retry-After": "\(max(1, seconds))", "Cache-Control": "no-store"]),
                to: head)
            return false
        }
    }

    private func answerStatus(_ complaint: String?, _ head: RequestHead, _ peer: Peer) {
        guard isReading(head, peer) else { return }
        let response = HTTP.Response(
            status: complaint == nil ? .ok : .serviceUnavailable,
            text: (complaint ?? "ok") + "\n", headers: ["Cache-Control": "no-store"])
        respond(peer, response, to: head)
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
        guard services.hosts.allows(origins: head.headers.values(of: "Origin")) else {
            respond(
                peer,
                HTTP.Response(
                    status: .forbidden,
                    text: "Pages of this origin may not connect. Allow it with --origin.\n"),
                to: head)
            return
        }
        switch ServerHandshake.respond(
            to: head, subprotocols: [Subprotocol.name],
            compression: services.configuration.compresses ? .standard : nil)
        {
        case .rejected(let response): respond(peer, response, to: head)
        case .accepted(_, nil, _):
            respond(
                peer,
                HTTP.Response(
                    status: .badRequest,
                    text: "Offer Sec-WebSocket-Protocol: \(Subprotocol.name)\n"), to: head)
        case .accepted(let response, .some, let messageExtension):
            upgrade(
                peer, response: response, limits: Peer.socketLimits,
                messageExtension: messageExtension
            ) { greet(peer) }
        }
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
            ServerMessage.notification(method: NotificationName.hello, params: params).bytes,
            to: peer)
    }

    // MARK: - POST /v1/rpc

    private func receiveRPC(_ request: HTTP.Request, from peer: Peer) {
        let head = request.head
        let origin = head.headers["Origin"]
        guard services.hosts.allows(origins: head.headers.values(of: "Origin")) else {
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

    /// `Protocol/social.md#local-socket`: no session, no name of a host, no page of a browser.
    private func receiveLocal(_ request: HTTP.Request, from peer: Peer) {
        guard request.head.path == "/v1/rpc", request.head.method == .post else {
            respond(
                peer, HTTP.Response(status: .notFound, text: "Here is POST /v1/rpc.\n"),
                to: request.head)
            return
        }
        call(request.body, request.head, as: .localAdministrator, peer)
    }

    func authorise(
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
            guard let peer = shard.table.peers[address.token] else { return }
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
