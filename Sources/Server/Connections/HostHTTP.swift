import HTTP
import Logging
import Transport
import WebSocket

/// Requests, in order, and the way from them to a WebSocket.
extension ConnectionHost {
    func receiveHTTP(_ bytes: borrowing Span<UInt8>, _ http: HTTPPhase, from peer: Peer) {
        http.parser.receive(bytes)
        if http.requestBeganAt == nil { http.requestBeganAt = now }
        nextRequest(of: peer)
    }

    /// Answers what has come; one request at a time, in order.
    ///
    /// An answer that is there at once must not come back here through its own call: thousands of
    /// pipelined requests would be as many calls deep.
    func nextRequest(of peer: Peer) {
        guard let http = peer.http, !http.isTakingRequests, !peer.hasEnded else { return }
        http.isTakingRequests = true
        defer {
            http.isTakingRequests = false
            if peer.http != nil { holdReads(of: peer, http.holdsReads) }
        }
        while peer.http != nil, !peer.hasEnded, http.mayTakeRequest {
            do throws(HTTP.ParseError) {
                guard let request = try http.parser.next() else { break }
                http.isAnswering = true
                logFirst(of: peer, http)
                if let refusal = http.refusal {
                    http.closesWhenFlushed = true
                    respond(peer, Self.response(to: refusal), to: request.head)
                } else {
                    receive(request, from: peer)
                }
            } catch {
                http.closesWhenFlushed = true
                let response = http.refusal.map { Self.response(to: $0) }
                respond(
                    peer, response ?? HTTP.Response(status: error.status, text: "\(error)\n"),
                    to: nil)
            }
        }
        guard peer.http != nil else { return }
        if http.parser.takeContinueWanted() {
            http.output.append(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
            markDirty(peer)
        }
        if http.parser.isInsideRequest {
            // It began in the reading of the request before it, whose answer ended that one's time.
            if http.requestBeganAt == nil {
                http.requestBeganAt = now
                armTimer(of: peer)
            }
        } else if http.hasAnswered {
            http.requestBeganAt = nil
        }
        if http.isInputEnded, http.mayTakeRequest {
            http.closesWhenFlushed = true
            markDirty(peer)
        }
    }

    /// What TLS agreed on, for who asks which clients still speak 1.2 or never resume.
    private func logFirst(of peer: Peer, _ http: HTTPPhase) {
        guard !http.hasAnswered, let version = peer.socket.tlsVersion else { return }
        log.debug(
            "a connection with TLS",
            metadata: [
                "peer": "\(peer.address.token)", "version": "\(version)",
                "resumed": "\(peer.socket.isTLSResumed)",
            ])
    }

    /// RFC 9112 §9.6: a client may close its sending half and still wait for answers.
    func inputEnded(_ http: HTTPPhase, of peer: Peer) {
        guard http.isAnswering || !http.output.isEmpty else {
            close(peer)
            return
        }
        http.isInputEnded = true
        nextRequest(of: peer)
    }

    /// - Parameter head: nil after a request that could not be read.
    func respond(_ peer: Peer, _ response: HTTP.Response, to head: RequestHead?) {
        guard let http = peer.http else { return }
        let keepAlive = head?.keepsAlive == true && !http.closesWhenFlushed && !isStopping
        var response = response
        response.headers.set("X-Content-Type-Options", "nosniff")
        http.output.append(
            response.serialised(
                keepAlive: keepAlive, version: head?.version ?? .http11,
                omitsBody: head?.method == .head))
        if !keepAlive { http.closesWhenFlushed = true }
        http.isAnswering = false
        http.hasAnswered = true
        http.requestBeganAt = nil
        http.idleSince = now
        markDirty(peer)
        armTimer(of: peer)
    }

    // MARK: - WebSocket

    /// Writes the 101 and lets the WebSocket begin. `greet` runs before any frame of the peer is
    /// read.
    ///
    /// The kernel's buffer of a new connection takes a handshake whole; one that does not is not
    /// waited for.
    func upgrade(
        _ peer: Peer, response: [UInt8], limits: ConnectionLimits,
        messageExtension: MessageExtension, greet: () -> Void = {}
    ) {
        guard let http = peer.http else { return }
        http.output.append(response)
        guard case .emptied = http.output.flush(to: peer.socket) else {
            close(peer)
            return
        }
        let web = WebSocketPhase(
            Connection(
                role: .server, limits: limits, messageExtension: messageExtension, now: now))
        peer.phase = .webSocket(web)
        holdReads(of: peer, false)
        greet()
        let early = http.parser.takeUnconsumed()
        if !early.isEmpty {
            var own = SpareBuffers()
            receive(early.span, web, from: peer, lending: &own)
        }
        markDirty(peer)
    }
}
