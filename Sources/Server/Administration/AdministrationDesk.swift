import HTTP
package import Model
import Storage
import Synchronization
import Transport
import Wire

/// `admin.*` for the command line: through the local socket of the server that runs on a data
/// directory, or on the directory itself when none does. `Protocol/social.md#local-socket`.
package struct AdministrationDesk: Sendable {
    /// Why nothing was done, in words for who asked.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String
    }

    /// Of an answer: a page of the largest rows, several times over.
    private static let answerBytesMax = 4 * 1_048_576

    private let dataPath: String

    /// - Parameter dataPath: absolute.
    package init(dataPath: String) {
        self.dataPath = dataPath
    }

    /// Where a server listens for this.
    static func socketPath(in dataPath: String) -> String { dataPath + "/admin.sock" }

    /// Blocks the thread. Writes get an `opId` of their own.
    package func call(
        _ method: String, _ params: JSON.Object
    ) throws -> JSON.Object {
        guard let known = Wire.Method(rawValue: method), known.caller == .admin else {
            throw Refusal(description: "no method \(method) of administration")
        }
        var params = params
        if known.description.params.contains(where: { $0.name == "opId" }) {
            let id = NewIdentifier.make(nowMs: EventLoop.wallClockMs)
            params["opId"] = .string(id.description)
        }
        do {
            let answer = try ask(known, params) ?? perform(known, params)
            return answer.object ?? [:]
        } catch let error as WireError {
            throw Refusal(description: error.words)
        }
    }

    // MARK: - A server runs

    /// Nil when none does.
    private func ask(_ method: Wire.Method, _ params: JSON.Object) throws -> JSON? {
        let call: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": .string(method.rawValue),
            "params": .object(params),
        ]
        let body = call.serialised()
        let head =
            "POST /v1/rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        let bytes: [UInt8]
        do throws(LocalSocket.Failure) {
            bytes = try LocalSocket.exchange(
                path: Self.socketPath(in: dataPath), request: Array(head.utf8) + body,
                answerBytesMax: Self.answerBytesMax)
        } catch .nobody {
            return nil
        } catch {
            throw Refusal(description: "admin.sock: \(error)")
        }
        var parser = ResponseParser(
            requestMethod: .post, limits: ParserLimits(bodyBytesMax: Self.answerBytesMax))
        parser.receive(bytes.span)
        parser.eof()
        guard let response = try parser.next(), response.status == .ok,
            let answer = try JSON.parse(response.body, limits: .trusted).object
        else {
            throw Refusal(
                description: "the server does not talk to this user; become the one that runs it")
        }
        if let error = answer["error"] { throw WireError(json: error) }
        return answer["result"] ?? .null
    }

    // MARK: - None runs

    private func perform(_ method: Wire.Method, _ params: JSON.Object) throws -> JSON {
        guard DataDirectory.holdsDatabase(dataPath) else {
            throw Refusal(
                description: "no server has run on '\(dataPath)' yet; is --data right?")
        }
        let directory = try DataDirectory(path: dataPath)
        defer { directory.release() }
        let nowMs = EventLoop.wallClockMs
        let opened = try directory.openDatabase(nowMs: nowMs)
        let result = Result {
            try run(
                method, try method.description.check(params), on: opened.database, directory,
                CallOrigin(
                    holder: nil, nowMs: nowMs, epoch: opened.incarnation.epochMs,
                    cursors: SignedCursor(
                        keys: try CursorKeys(directory: directory, nowMs: nowMs)),
                    isLocalAdministrator: true))
        }
        try opened.database.close()
        return try result.get()
    }

    /// The same commands and queries as in a server; nobody is connected, so what would follow from
    /// them has no one to reach.
    private func run(
        _ method: Wire.Method, _ params: JSON.Object, on database: any Database,
        _ directory: DataDirectory, _ origin: CallOrigin
    ) throws -> JSON {
        switch try AdministrationCalls.call(method, params) {
        case .read(let query):
            return try database.read {
                try query.answer(CallContext(connection: $0, origin: origin))
            }
        case .write(let command):
            let answer = Mutex<JSON>(.null)
            let writer = JournalWriter(database: database, incarnation: directory)
            let outcomes = try writer.commit([
                .operation { connection in
                    var effects: [Effect] = []
                    let made = try command.perform(
                        CallContext(connection: connection, origin: origin), &effects)
                    answer.withLock { $0 = made }
                }
            ])
            switch outcomes.first {
            case .refused(.operation(let error)): throw error
            case .refused(.database(let error)): throw error
            default: return answer.withLock { $0 }
            }
        case nil: throw Refusal(description: "no method \(method.rawValue)")
        }
    }
}

extension WireError {
    /// For a person at a terminal.
    fileprivate var words: String {
        [message, path.map { "at \($0)" }, allowed.map { "(allowed: \($0))" }]
            .compactMap { $0 }.joined(separator: " ")
    }
}
