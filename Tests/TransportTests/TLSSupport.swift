import Glibc
import Testing

import Transport

/// Certificates made for one test run, in a fresh folder that goes away with it.
final class TestCertificates: Sendable {
    let folder: String
    /// The authority that has signed the others.
    var authority: String { folder + "/authority.pem" }

    init() async throws {
        var template = Array("/tmp/salsanor-tls-XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template).map { unsafe String(cString: $0) }
        folder = try #require(made)
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "\(folder)/authority.key", "-out", authority, "-days", "2",
            "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    }

    deinit {
        let path = folder
        for name in (try? Self.names(in: path)) ?? [] { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    private static func names(in path: String) throws -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            names.append(name)
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    /// A certificate that the authority signs, for `names` like "DNS:one.test" or "IP:127.0.0.1".
    func make(_ file: String, for names: String) async throws -> TLSContext.CertificateFiles {
        let base = "\(folder)/\(file)"
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "\(base).key", "-out", "\(base).pem", "-days", "2", "-subj", "/CN=\(file)",
            "-addext", "subjectAltName=\(names)", "-CA", authority, "-CAkey",
            "\(folder)/authority.key", "-addext", "basicConstraints=critical,CA:FALSE")
        return TLSContext.CertificateFiles(certificate: "\(base).pem", key: "\(base).key")
    }

    func write(_ text: String, to file: String) throws -> String {
        let path = "\(folder)/\(file)"
        let stream = try unsafe #require(fopen(path, "w"))
        unsafe fputs(text, stream)
        unsafe fclose(stream)
        return path
    }

    @discardableResult
    func openssl(_ arguments: String...) async throws -> String {
        let result = await Program.run("openssl", arguments)
        try #require(result.status == 0, "openssl \(arguments): \(result.output)")
        return result.output
    }
}

/// Another program, its standard input given and its output collected.
enum Program {
    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    static func run(
        _ name: String, _ arguments: [String], input: String = ""
    ) async -> Result {
        await blocking {
            let quoted = ([name] + arguments).map {
                "'" + $0.replacing("'", with: "'\\''") + "'"
            }
            let command =
                "printf '%s' '\(input)' | timeout 20 " + quoted.joined(separator: " ") + " 2>&1"
            guard let pipe = unsafe popen(command, "r") else {
                return Result(status: -1, output: "popen")
            }
            var output: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = unsafe fread(&buffer, 1, buffer.count, pipe)
                if count == 0 { break }
                output += buffer[..<count]
            }
            let status = unsafe pclose(pipe)
            return Result(status: status >> 8, output: String(decoding: output, as: UTF8.self))
        }
    }
}

/// A client on a loop of its own: sends what it is given and keeps what comes.
actor LoopClient {
    struct Tally: Sendable {
        var received: [UInt8] = []
        var eof = false
        var failure: SystemError?
        var version: String?
        var resumed = false
        var batches = 0
    }

    let loop: EventLoop
    let tally = Box(Tally())
    private let socket: Socket
    private var outbox = WriteQueue()
    private var connected = false
    private var buffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(
        port: UInt16, tls: TLSClientContext?, sends bytes: [UInt8], bufferBytes: Int32? = nil
    ) throws {
        loop = try EventLoop(label: "client")
        let address = try #require(SocketAddress(host: "127.0.0.1", port: port))
        socket = try Socket.connect(to: address, tls: tls)
        for var size in [bufferBytes].compactMap(\.self) {
            for option in [SO_SNDBUF, SO_RCVBUF] {
                _ = unsafe setsockopt(socket.fd, SOL_SOCKET, option, &size, socklen_t(4))
            }
        }
        // Chunks as a server makes them: many small ones and some large.
        var rest = bytes[...]
        var size = 1
        while !rest.isEmpty {
            outbox.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            size = size * 3 % 50_021
        }
    }

    nonisolated func start() {
        loop.start { [self] batch in assumeIsolated { $0.turn(batch) } }
        loop.execute { [self] in
            assumeIsolated { try? $0.loop.watchConnecting($0.socket, token: 1) }
        }
    }

    func send(_ bytes: [UInt8]) {
        outbox.append(bytes)
        flush()
    }

    /// Ends the stream below TLS, as a broken proxy would.
    func cut() {
        shutdown(socket.fd, Int32(SHUT_WR))
    }

    func stop() async {
        loop.close(socket)
        await withCheckedContinuation { continuation in
            loop.stop { continuation.resume() }
        }
    }

    private func turn(_ batch: [Readiness]) {
        for event in batch {
            tally.update { $0.batches += 1 }
            if !connected {
                connected = true
                if let failure = socket.connectFailure() {
                    tally.update { $0.failure = failure }
                    return
                }
                loop.setReadInterest(fd: socket.fd, true)
            } else if event.readable || event.hangup, !tally.value.eof {
                var came: [UInt8] = []
                let result = socket.drain(through: &buffer) { bytes in
                    for index in bytes.indices { came.append(bytes[index]) }
                    return true
                }
                tally.update { tally in
                    tally.received += came
                    tally.version = socket.tlsVersion ?? tally.version
                    tally.resumed = socket.isTLSResumed
                    if case .eof = result { tally.eof = true }
                    if case .failed(let error) = result { tally.failure = error }
                }
                if case .failed = result {
                    loop.close(socket)
                    return
                }
                if case .eof = result { loop.setReadInterest(fd: socket.fd, false) }
            }
            flush()
        }
    }

    private func flush() {
        guard connected, !socket.isClosed else { return }
        switch outbox.flush(to: socket) {
        case .emptied: loop.setWriteInterest(fd: socket.fd, false)
        case .blocked: loop.setWriteInterest(fd: socket.fd, true)
        case .failed(let error):
            tally.update { $0.failure = $0.failure ?? error }
            loop.close(socket)
        }
    }
}
