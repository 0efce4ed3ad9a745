import Client
import Model
import Transport
import Wire

/// People who read, and the schedule of what they ask. Confined to its loop.
///
/// The schedule is an open loop: question k of the run is due at start + k / rate, whatever the
/// server does, and its latency counts from then.
final class ReadRun: LoopMember {
    /// Of one question.
    struct Figures: Sendable {
        var latency = Latency()
        /// Of pages behind the first: their share shows whether a list slows down with its length.
        var laterPages = 0
    }

    /// Every other question of a list goes on where its last page ended, so far into it.
    private static let pagesMax = 50
    private static let sendInterval: Duration = .microseconds(500)

    let questions: [Question]
    private(set) var figures: [Figures]
    private(set) var ready = 0
    private(set) var failure: String?
    private(set) var token: LoopDriver.Token = 0
    private unowned let driver: LoopDriver
    private let interval: Duration
    private var readers: [Reader] = []
    private var startAt: Duration?
    private var asked = 0
    private var answered = 0
    /// Where the next page of each question begins, and with which params.
    private var places: [(params: JSON.Object, page: Int)?]
    private var random = SplitMix64(seed: 1)

    init(
        _ questions: [Question], tokens: [String], rate: Double, to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.questions = questions
        self.driver = driver
        interval = .seconds(1) / rate
        figures = questions.map { _ in Figures() }
        places = questions.map { _ in nil }
        token = driver.add(self)
        for token in tokens {
            readers.append(Reader(self, token, to: endpoint, on: driver, loop: loop, now: now))
        }
    }

    /// Questions that have no answer yet.
    var waiting: Int { asked - answered }

    func start(now: Duration) {
        startAt = now
        driver.setDeadline(now, of: token)
    }

    func stop() { startAt = nil }

    func close() {
        stop()
        for reader in readers { reader.link?.close() }
        driver.remove(token)
    }

    func deadlineReached(now: Duration) {
        guard let startAt else { return }
        while startAt + interval * asked <= now { ask(due: startAt + interval * asked) }
        driver.setDeadline(max(startAt + interval * asked, now + Self.sendInterval), of: token)
    }

    private func ask(due: Duration) {
        let number = asked % questions.count
        let question = questions[number]
        let place = asked / questions.count % 2 == 1 ? places[number] : nil
        // The first one is the administrator.
        let reader = readers[question.isAdministrative ? 0 : asked % readers.count]
        asked += 1
        reader.ask(
            Reader.Asked(
                question: number, params: place?.params ?? question.params(&random),
                page: place?.page ?? 0, due: due))
    }

    fileprivate func take(_ result: JSON, to asked: Reader.Asked, now: Duration) {
        answered += 1
        figures[asked.question].latency.record(now - asked.due)
        if asked.page > 0 { figures[asked.question].laterPages += 1 }
        places[asked.question] = nil
        if let next = result["next"], asked.page < Self.pagesMax {
            var params = asked.params
            params["cursor"] = next
            places[asked.question] = (params, asked.page + 1)
        }
    }

    fileprivate func countReady() { ready += 1 }

    fileprivate func fail(_ why: String) { failure = failure ?? why }

    fileprivate func name(of asked: Reader.Asked) -> String { questions[asked.question].name }
}

/// One person with a socket.
private final class Reader: LinkDelegate {
    struct Asked {
        let question: Int
        let params: JSON.Object
        let page: Int
        let due: Duration
    }

    private unowned let run: ReadRun
    private let token: String
    private(set) var link: ClientLink?
    private var asked: [Int64: Asked] = [:]
    /// Request 1 opens the session.
    private var nextID: Int64 = 2

    init(
        _ run: ReadRun, _ token: String, to endpoint: Endpoint, on driver: LoopDriver,
        loop: ClientLoop, now: Duration
    ) {
        self.run = run
        self.token = token
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    func ask(_ question: Asked) {
        asked[nextID] = question
        send(run.questions[question.question].method, question.params, id: nextID)
        nextID += 1
    }

    private func send(_ method: Method, _ params: JSON.Object, id: Int64) {
        let request = Request(id: .integer(id), method: method, params: params)
        if link?.send(request.bytes) != true { run.fail("the socket takes no more") }
    }

    // MARK: - LinkDelegate

    func linkOpened(now: Duration) { send(.sessionOpen, ["token": .string(token)], id: 1) }

    func linkReceived(_ text: [UInt8], now: Duration) {
        for message in ServerMessage.read(text) ?? [] {
            switch message {
            case .result(.integer(1), _): run.countReady()
            case .result(.integer(let id), let result):
                if let asked = asked.removeValue(forKey: id) {
                    run.take(result, to: asked, now: now)
                }
            case .failure(.integer(let id), let error):
                let name = asked[id].map { run.name(of: $0) } ?? "session.open"
                run.fail("\(name): \(error.message)")
            case .notification(NotificationName.bye, let params):
                run.fail("bye: \(params["reason"]?.string ?? "")")
            case .result, .notification, .failure: break
            }
        }
    }

    func linkEnded(_ ending: LinkEnding, now: Duration) { run.fail("\(ending)") }
}
