package import Model
import Replica
import Synchronization
import Transport
package import Wire

/// A connection to a SalsaNor server that comes back by itself: after a lost network or a restart
/// of the server it connects again with a jittered back-off, resumes its rooms, and sends what was
/// not acknowledged.
///
///     let client = try SalsaClient(url: "ws://127.0.0.1:8080")
///     try await client.signIn(email: "ana@example.org", password: "...")
///     let room = try await client.join(patternID)
///     try await room.edit(Edit(set: "/machines/Salsa/bpm", to: 190)).settled()
///
/// All methods may be called from any task. A client that is let go closes itself.
public final class SalsaClient: Sendable {
    /// How long a call waits for its answer, reconnections included.
    public static let callTimeout: Duration = .seconds(30)
    /// States that a slow reader of `states` finds at most; older ones are dropped.
    public static let statesBufferedMax = 16

    package let loop: ClientLoop
    private let number: Int
    /// Names clients before their loop knows them.
    private static let made = Atomic(0)

    /// Makes a client; nothing is sent before `signIn`, `open` or `openAsGuest`.
    /// - Parameters:
    ///   - url: `ws://host[:port][/path]`, or `wss://` for TLS; the path is `/v1/socket` when it
    ///     is left out. With TLS the certificate must be valid for the host; see
    ///     `Protocol/transport.md#tls`.
    ///   - tlsAuthorities: a PEM file with the authorities to trust instead of the system's, for a
    ///     server whose certificate is signed privately.
    ///   - loop: shared by as many clients as you like; by default by all.
    public init(
        url: String, tlsAuthorities: String? = nil, loop: ClientLoop? = ClientLoop.shared
    ) throws(ClientError) {
        let endpoint = try Endpoint(url: url, tlsAuthorities: tlsAuthorities)
        guard let loop else { throw .noResources("no file descriptor is left for an event loop") }
        self.loop = loop
        let number = Self.made.add(1, ordering: .relaxed).newValue
        self.number = number
        loop.post { driver in
            driver.cores[number] = ClientCore(to: endpoint, on: driver, loop: loop)
        }
    }

    deinit { close() }

    // MARK: - Who it is

    /// Signs in with a password, and opens a session.
    /// - Throws: `refused` with the code `unauthenticated` when address or password are wrong.
    @discardableResult
    public func signIn(
        email: String, password: String, timeout: Duration = callTimeout
    ) async throws(ClientError) -> SignedIn {
        try await signIn(
            .accountSignIn, ["email": .string(email), "password": .string(password)], timeout)
    }

    /// Makes an account, and opens its first session.
    /// - Throws: `refused` with the code `taken` when the address has an account.
    @discardableResult
    public func register(
        email: String, password: String, displayName: String, language: String? = nil,
        timeout: Duration = callTimeout
    ) async throws(ClientError) -> SignedIn {
        var params: JSON.Object = [
            "email": .string(email), "password": .string(password),
            "displayName": .string(displayName),
        ]
        if let language { params["language"] = .string(language) }
        return try await signIn(.accountRegister, params, timeout)
    }

    private func signIn(
        _ method: Method, _ params: JSON.Object, _ timeout: Duration
    ) async throws(ClientError) -> SignedIn {
        let promise = Promise<JSON>()
        onCore(promise) {
            $0.signIn(method, params, promise, deadline: EventLoop.now + timeout)
        }
        let json: JSON
        do throws(ClientError) {
            json = try await promise.value()
        } catch {
            onCore { $0.giveUpSigningIn(now: EventLoop.now) }
            throw error
        }
        guard let signedIn = SignedIn(json: json) else { throw .unreadable(method.rawValue) }
        try await open(token: signedIn.token)
        return signedIn
    }

    /// Opens a session with the token of an earlier sign-in.
    public func open(token: String) async throws(ClientError) { try await openSession(token) }

    /// Puts the session of another token of the same user in the place of this one, which leaves
    /// rooms open.
    public func renew(token: String) async throws(ClientError) {
        _ = try await call(.sessionRenew, ["token": .string(token)])
        onCore { $0.renewed(token: token) }
    }

    /// Opens a session that may listen to public patterns, and not edit.
    public func openAsGuest() async throws(ClientError) { try await openSession(nil) }

    private func openSession(_ token: String?) async throws(ClientError) {
        let promise = Promise<Void>()
        onCore(promise) {
            $0.open(token: token, now: EventLoop.now)
            $0.awaitOnline(promise)
        }
        try await promise.value()
    }

    /// Says goodbye. What was not settled is lost; calls and handles that wait throw `closed`.
    public func close() {
        let number = number
        loop.post { driver in
            driver.cores.removeValue(forKey: number)?.close(now: EventLoop.now)
        }
    }

    // MARK: - Patterns

    /// Goes into a pattern's room, waiting for the server's answer. A client holds a room once;
    /// two of these for one pattern are the same room.
    public func join(_ pattern: String) async throws(ClientError) -> LiveRoom {
        guard let id = Model.Identifier(pattern) else {
            throw .unreadable("\(pattern) is no pattern id: a UUID is")
        }
        let promise = Promise<Void>()
        onCore(promise) { $0.join(id, promise) }
        try await promise.value()
        return LiveRoom(client: self, id: id)
    }

    /// Any method of the protocol by its name (`Protocol/wire.md#methods`), with the text of a JSON
    /// object.
    /// - Returns: the result as JSON text.
    public func call(
        _ method: String, params: String = "{}"
    ) async throws(ClientError) -> String {
        guard let known = Method(rawValue: method) else {
            throw .unreadable("\(method) is no method of this version")
        }
        guard let object = (try? JSON.parse(Array(params.utf8)))?.object else {
            throw .unreadable("the params are no JSON object")
        }
        return String(decoding: try await call(known, object).serialised(), as: UTF8.self)
    }

    /// Any method of the protocol.
    package func call(
        _ method: Method, _ params: JSON.Object
    ) async throws(ClientError) -> JSON {
        let promise = Promise<JSON>()
        onCore(promise) { $0.call(method, params, promise, EventLoop.now + Self.callTimeout) }
        return try await promise.value()
    }

    // MARK: - State

    /// The server's clock; measured from the first time that it is asked for, and while a room
    /// plays.
    public var clock: ServerClock? {
        get async {
            await readCore { core in
                core.session.measureClock(now: EventLoop.now)
                core.pump(now: EventLoop.now)
                return ServerClock(core.session.clock)
            }
        }
    }

    /// How it stands now, then each change; a slow reader finds the last `statesBufferedMax`.
    public var states: AsyncStream<ConnectionState> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ConnectionState.self, bufferingPolicy: .bufferingNewest(Self.statesBufferedMax))
        onCore(orElse: { continuation.finish() }) { [weak self] core in
            guard let number = core.addStateStream(continuation) else { return }
            continuation.onTermination = { [weak self] _ in
                self?.onCore { $0.removeStateStream(number) }
            }
        }
        return stream
    }

    public var state: ConnectionState {
        get async { await readCore { $0.state } ?? .closed }
    }

    // MARK: - On the loop

    /// Runs `body` on the loop, where the core lives; after `close` there is none.
    package func onCore(
        orElse closed: @escaping @Sendable () -> Void = {},
        _ body: @escaping @Sendable (ClientCore) -> Void
    ) {
        let number = number
        loop.post { driver in
            if let core = driver.cores[number] { body(core) } else { closed() }
        }
    }

    func onCore<Value: Sendable>(
        _ promise: Promise<Value>, _ body: @escaping @Sendable (ClientCore) -> Void
    ) {
        onCore(orElse: { promise.resolve(.failure(.closed)) }, body)
    }

    /// What `body` finds; nil after `close`.
    package func readCore<Value: Sendable>(
        _ body: @escaping @Sendable (ClientCore) -> Value
    ) async -> Value? {
        let number = number
        return await loop.perform { $0.cores[number].map(body) }
    }
}
