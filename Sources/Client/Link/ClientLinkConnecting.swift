import HTTP
import Transport
import WebSocket
import Wire

/// From a name to an open WebSocket: addresses, TCP and TLS, the upgrade.
extension ClientLink {
    private static let resolver = NameResolver()

    func resolve(through loop: ClientLoop) {
        Self.resolve(endpoint, for: token, through: loop)
    }

    /// The C library blocks on names, so a thread of its own asks. The link may be gone by then.
    private static func resolve(
        _ endpoint: Endpoint, for token: LoopDriver.Token, through loop: ClientLoop
    ) {
        Task.detached {
            let found = await lookUp(host: endpoint.host, port: endpoint.port)
            loop.post { driver in
                (driver.member(token) as? ClientLink)?.resolved(found, now: EventLoop.now)
            }
        }
    }

    private static func lookUp(
        host: String, port: UInt16
    ) async -> Result<[SocketAddress], NameResolver.Failure> {
        do throws(NameResolver.Failure) {
            return .success(try await resolver.addresses(host: host, port: port))
        } catch {
            return .failure(error)
        }
    }

    private func resolved(
        _ found: Result<[SocketAddress], NameResolver.Failure>, now: Duration
    ) {
        guard phase == .resolving else { return }
        switch found {
        case .success(let addresses):
            self.addresses = addresses[...]
            connectNext(now: now)
        case .failure(let failure): end(.unreachable("\(failure)"), now: now)
        }
    }

    /// Tries the addresses in their order until one takes the connection.
    func connectNext(now: Duration) {
        dropSocket()
        while let address = addresses.popFirst() {
            do throws(SystemError) {
                let socket = try Socket.connect(to: address, tls: endpoint.tls)
                try driver.eventLoop.watchConnecting(socket, token: token)
                self.socket = socket
                phase = .connecting
                return
            } catch {
                lastFailure = "\(error)"
            }
        }
        // Told from the next turn: the owner may still be in the call that made the link.
        phase = .connecting
        handshakeDeadline = now
        driver.setDeadline(now, of: token)
    }

    func connectionAttemptEnded(_ socket: Socket, now: Duration) {
        if let failure = socket.connectFailure() {
            lastFailure = "\(failure)"
            connectNext(now: now)
            return
        }
        phase = .upgrading
        driver.eventLoop.setWriteInterest(fd: socket.fd, false)
        driver.eventLoop.setReadInterest(fd: socket.fd, true)
        upgradeRequest.append(handshake.request)
        flushUpgrade(socket, now: now)
    }

    func flushUpgrade(_ socket: Socket, now: Duration) {
        switch upgradeRequest.flush(to: socket) {
        case .emptied: arm(false, socket)
        case .blocked: arm(true, socket)
        case .failed(let error): end(.unreachable("\(error)"), now: now)
        }
    }

    func readUpgrade(_ socket: Socket, now: Duration) {
        let result = socket.drain(through: &driver.readBuffer) { bytes in
            receivedBytes += bytes.count
            parser.receive(bytes)
            return true
        }
        if case .eof = result { parser.eof() }
        if case .failed(let error) = result {
            end(.unreachable("\(error)"), now: now)
            return
        }
        do throws(ParseError) {
            guard let response = try parser.next() else { return }
            upgraded(response, now: now)
        } catch {
            end(.unreachable("what answers there is no WebSocket server: \(error)"), now: now)
        }
    }

    private func upgraded(_ response: Response, now: Duration) {
        do throws(ClientHandshakeError) {
            guard try handshake.verify(response).subprotocol == Subprotocol.name else {
                end(
                    .refused(status: 101, "the server does not speak \(Subprotocol.name)"), now: now
                )
                return
            }
        } catch {
            if case .refused(let response) = error {
                let text = String(decoding: response.body.prefix(200), as: UTF8.self)
                end(.refused(status: Int(response.status.code), text), now: now)
            } else {
                end(.refused(status: 101, "the answer to the upgrade is wrong: \(error)"), now: now)
            }
            return
        }
        phase = .open
        connection = Self.freshConnection(now: now)
        driver.setDeadline(connection.nextDeadline, of: token)
        delegate?.linkOpened(now: now)
        let rest = parser.takeUnconsumed()
        if !rest.isEmpty, phase == .open { receive(rest.span, now: now) }
    }
}
