import Foundation
import Logging
import Synchronization
import Testing
import Transport

/// How long a test waits for an event before it fails; far more than any needs.
let patience: Duration = .seconds(30)

/// Asks until the answer is yes, with a bound.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = EventLoop.now + patience
    while try await !condition() {
        guard EventLoop.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            throw Impatience()
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// What was waited for did not happen; the issue says what.
struct Impatience: Error {}

extension Logger {
    static var silent: Logger {
        Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}

/// A fresh folder that is removed with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "salsanor-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A value that several tasks change.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout sending Value) -> Result) -> Result {
        mutex.withLock { body(&$0) }
    }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let isOpen = Mutex(false)

    func open() {
        isOpen.withLock { $0 = true }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    func pass() {
        let deadline = Date(timeIntervalSinceNow: 30)
        condition.lock()
        defer { condition.unlock() }
        while !isOpen.withLock({ $0 }) {
            guard condition.wait(until: deadline) else { return }
        }
    }
}
