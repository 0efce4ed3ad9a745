import Dispatch
import Glibc
import Synchronization
import Testing

import Transport

/// How long a test waits for an event before it fails; far more than any needs.
let patience: Duration = .seconds(20)

/// A value that threads hand to a waiting test.
final class Box<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    private let signal = DispatchSemaphore(value: 0)

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func update(_ change: (inout Value) -> Void) {
        state.withLock { change(&$0) }
        signal.signal()
    }

    /// Waits, without holding a thread of the cooperative pool, until `condition` holds.
    func wait(
        _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
        until condition: @escaping @Sendable (Value) -> Bool
    ) async {
        let reached = await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async { [self] in
                let deadline = EventLoop.now + patience
                while !condition(value), EventLoop.now < deadline {
                    _ = signal.wait(timeout: .now() + .milliseconds(50))
                }
                continuation.resume(returning: condition(value))
            }
        }
        #expect(reached, what, sourceLocation: sourceLocation)
    }
}

extension EventLoop {
    /// Runs `body` on the loop and returns its result.
    func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            execute { continuation.resume(returning: body()) }
        }
    }

    func stopAndWait() async {
        await withCheckedContinuation { continuation in
            stop { continuation.resume() }
        }
    }
}

/// Descriptors open in this process.
func openDescriptors() -> Int { ProcessUsage.of()?.descriptors ?? -1 }

/// A blocking client in plain system calls: the other side, written without the code under test.
final class PlainClient: Sendable {
    let fd: Int32

    init(port: UInt16, receiveBufferBytes: Int32? = nil) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBufferBytes {
            _ = unsafe setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(4))
        }
        let address = try #require(SocketAddress(host: "127.0.0.1", port: port))
        let fd = fd
        let status = unsafe address.withKernelForm { unsafe connect(fd, $0, $1) }
        try #require(status == 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(
                fd, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    func write(_ bytes: [UInt8]) -> Int {
        unsafe bytes.withUnsafeBytes {
            unsafe send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Up to `count` bytes; fewer at the end of the stream or after the time limit.
    func read(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 65536))
        while result.count < count {
            let wanted = min(buffer.count, count - result.count)
            let got = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(fd, $0.baseAddress, wanted, 0)
            }
            guard got > 0 else { break }
            result += buffer[..<got]
        }
        return result
    }

    /// One raw receive: a count, 0 at the end of the stream, -1 after a reset.
    func receive() -> Int {
        var byte: UInt8 = 0
        return unsafe recv(fd, &byte, 1, 0)
    }

    func finishWriting() { shutdown(fd, Int32(SHUT_WR)) }

    /// Closes with a reset instead of an end of stream.
    func abort() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            fd, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() { Glibc.close(fd) }
}

/// Runs blocking code away from the cooperative pool.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "blocking").async { continuation.resume(returning: body()) }
    }
}
