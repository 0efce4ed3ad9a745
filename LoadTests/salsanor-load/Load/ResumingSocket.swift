import Client
import Model
import Replica
import Transport
import Wire

/// A socket with a session that comes back as clients do, when it was lost or the server said
/// `bye`. What is done over it is its subclasses'. Confined to its loop.
class ResumingSocket: LinkDelegate, LoopMember {
    private let token: String
    private let endpoint: Endpoint
    unowned let driver: LoopDriver
    private let loop: ClientLoop
    private var link: ClientLink?
    private var timer: LoopDriver.Token = 0
    private var backoff: Backoff
    private var isClosing = false
    /// What the server asked for.
    private var retryAfter: Duration?
    private(set) var isOpen = false
    private(set) var failure: String?
    /// Why it dropped itself the last time.
    private(set) var refusal: String?
    var random: SplitMix64

    init(
        token: String, number: Int, to endpoint: Endpoint, on driver: LoopDriver,
        loop: ClientLoop, now: Duration
    ) {
        self.token = token
        self.endpoint = endpoint
        self.driver = driver
        self.loop = loop
        random = SplitMix64(seed: UInt64(number))
        backoff = Backoff(seed: UInt64(number))
        timer = driver.add(self)
        connect(now: now)
    }

    // MARK: - What subclasses do

    /// Of `session.open`, beside the token.
    var streams: JSON? { nil }
    func sessionOpened(now: Duration) {}
    func answered(_ id: Int64, _ result: JSON, now: Duration) {}
    func received(_ event: Event, now: Duration) {}
    func lost(now: Duration) {}
    /// The time that it asked to be woken at.
    func woken(now: Duration) {}

    // MARK: - What they have for it

    /// The first identifier is 2; false when there is no socket.
    @discardableResult
    func send(_ method: Method, _ params: JSON.Object, id: Int64) -> Bool {
        link?.send(Request(id: .integer(id), method: method, params: params).bytes) == true
    }

    func write(_ method: Method, _ params: JSON.Object, id: Int64, operation: Identifier) {
        var params = params
        params["opId"] = .string(operation.description)
        send(method, params, id: id)
    }

    func freshOperation() -> Identifier {
        Identifier(timeMs: 1, random: (random.next(), random.next()))
    }

    func fail(_ why: String) { failure = failure ?? why }

    /// While it is open; a lost socket forgets it.
    func wake(at time: Duration) { driver.setDeadline(time, of: timer) }

    /// Breaks the socket off, as a network does, and stays away for some time.
    func drop(awayFor time: Duration? = nil) {
        retryAfter = time ?? retryAfter
        link?.abort("dropped", now: EventLoop.now)
    }

    func close() {
        isClosing = true
        link?.close()
        driver.remove(timer)
    }

    // MARK: - Coming and going

    private func connect(now: Duration) {
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    func deadlineReached(now: Duration) {
        if link == nil { connect(now: now) } else { woken(now: now) }
    }

    func linkOpened(now: Duration) {
        var params: JSON.Object = ["token": .string(token)]
        params["streams"] = streams
        send(.sessionOpen, params, id: 1)
    }

    func linkReceived(_ text: [UInt8], now: Duration) {
        for message in ServerMessage.read(text) ?? [] {
            switch message {
            case .result(.integer(1), _):
                isOpen = true
                backoff.reset()
                sessionOpened(now: now)
            case .result(.integer(let id), let result): answered(id, result, now: now)
            case .notification(NotificationName.event, let params):
                if let event = Event(params: params) { received(event, now: now) }
            case .notification(NotificationName.bye, let params):
                retryAfter = params["retryAfterMs"]?.int.map { .milliseconds($0) }
            case .failure(_, let error) where error.name.isRetryable:
                // What was not answered is sent again by who comes back.
                refusal = error.message
                drop(awayFor: error.retryAfterMs.map { .milliseconds($0) })
            case .failure(_, let error): fail(error.message)
            case .result, .notification: break
            }
        }
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) {
        isOpen = false
        link = nil
        lost(now: now)
        guard !isClosing else { return }
        driver.setDeadline(now + (retryAfter ?? backoff.next()), of: timer)
        retryAfter = nil
    }
}
