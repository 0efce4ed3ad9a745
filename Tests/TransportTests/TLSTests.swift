import Glibc
import Testing

import Transport

/// TLS from both sides: our client and our server, and OpenSSL's own client.
@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) }
    }

    @Test func `Our client and our server speak TLS 1.3`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try fixture.client(sends: Array("salsa".utf8))
        await client.tally.wait("the echo") { $0.received == Array("salsa".utf8) }
        #expect(client.tally.value.version == "TLSv1.3")
        await client.stop()
        await fixture.server.tally.wait("the close_notify is an end") { $0.ended == 1 }
        #expect(fixture.server.tally.value.failures.isEmpty)
        await fixture.stop()
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `OpenSSL's client is echoed`(version: String) async throws {
        let fixture = try await TLSFixture.start()
        // It goes on until our close_notify.
        await fixture.server.configure(endsAfterBytes: 8)
        let output = await fixture.openssl(
            version, "-servername", "one.test", "-verify_return_error", "-verify_hostname",
            "one.test", "-alpn", "http/1.1", "-quiet", input: "cha cha\n")
        #expect(output.contains("cha cha"))
        #expect(!output.contains("unexpected eof"))
        await fixture.stop()
    }

    @Test func `TLS 1.1 is refused with a version alert`() async throws {
        let fixture = try await TLSFixture.start()
        let output = await fixture.openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        #expect(output.contains("protocol version"))
        #expect(output.contains("no peer certificate available"))
        await fixture.stop()
    }

    @Test(arguments: [
        ("http/1.1", "ALPN protocol: http/1.1"), ("h2,http/1.1", "ALPN protocol: http/1.1"),
        ("h2", "no application protocol"),
    ])
    func `RFC 7301: only http 1.1 is agreed on`(offer: String, answer: String) async throws {
        let fixture = try await TLSFixture.start()
        let output = await fixture.openssl("-alpn", offer)
        #expect(output.contains(answer))
        await fixture.stop()
    }

    @Test(arguments: [
        ("one.test", "CN = one.test"), ("two.test", "CN = two.test"),
        ("else.test", "CN = one.test"),
    ])
    func `RFC 6066 §3: the certificate of the asked name is served, else the first`(
        name: String, subject: String
    ) async throws {
        let fixture = try await TLSFixture.start(names: ["one.test", "two.test"])
        let output = await fixture.openssl("-servername", name)
        #expect(output.contains("subject=\(subject)"))
        await fixture.stop()
    }

    @Test func `A client that knows no authority refuses, and says why`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try fixture.client(
            TLSClientContext(serverName: "one.test"), sends: Array("secret".utf8))
        await client.tally.wait("refused") { $0.failure != nil }
        guard case .tls(.untrustedCertificate)? = client.tally.value.failure else {
            Issue.record("\(String(describing: client.tally.value.failure))")
            return
        }
        #expect(fixture.server.tally.value.bytes == 0)
        await fixture.stop()
    }

    @Test func `A client that asked for another name refuses`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try fixture.client("other.test", sends: Array("secret".utf8))
        await client.tally.wait("refused") { $0.failure != nil }
        #expect(client.tally.value.failure == .tls(.wrongName(expected: "other.test")))
        await fixture.server.tally.wait("the alert is seen") { $0.failures.count == 1 }
        #expect(fixture.server.tally.value.bytes == 0)
        await fixture.stop()
    }

    @Test func `Large transfers both ways at once arrive whole through tiny buffers`()
        async throws
    {
        let fixture = try await TLSFixture.start()
        await fixture.server.configure(drainBytesMax: 10_000, sendBufferBytes: 16_384)
        let sent = Self.pattern(3 << 20)
        let client = try fixture.client(sends: sent, bufferBytes: 65_536)
        await client.tally.wait("all came back") { $0.received.count >= sent.count }
        #expect(client.tally.value.received == sent)
        #expect(client.tally.value.failure == nil)
        #expect(fixture.server.tally.value.armings > 0, "the kernel refused at times")
        await client.stop()
        await fixture.stop()
    }

    @Test func `What a bounded drain left in the session is reported again`() async throws {
        let fixture = try await TLSFixture.start()
        // One byte of bound: each round takes one record, and the kernel has nothing more to say.
        await fixture.server.configure(drainBytesMax: 1)
        let sent = Self.pattern(200_000)
        let client = try fixture.client(sends: sent)
        await client.tally.wait("all came back") { $0.received.count >= sent.count }
        #expect(client.tally.value.received == sent)
        await client.stop()
        await fixture.stop()
    }

    @Test func `An orderly close brings everything, then the end`() async throws {
        let fixture = try await TLSFixture.start()
        let sent = Self.pattern(300_000)
        await fixture.server.configure(sendBufferBytes: 16_384, endsAfterBytes: sent.count)
        let client = try fixture.client(sends: sent, bufferBytes: 65_536)
        await client.tally.wait("the end") { $0.eof }
        #expect(client.tally.value.received == sent)
        await client.stop()
        await fixture.stop()
    }

    @Test func `Half a handshake says nothing, and can be closed by a timer`() async throws {
        let certificates = try await TestCertificates()
        let context = try TLSContext([try await certificates.make("one", for: "DNS:one.test")])
        let listener = try Listener.bind(host: "127.0.0.1", port: 0, tls: context)
        let loop = try EventLoop(label: "half")
        let sockets = Box<[Socket]>([])
        let drained = Box<[Socket.DrainResult]>([])
        loop.start { batch in
            for event in batch {
                if event.token == 1 {
                    _ = listener.accept(on: loop, now: EventLoop.now) { socket in
                        try? loop.watch(socket, token: 2)
                        sockets.update { $0.append(socket) }
                    }
                } else {
                    var buffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)
                    let result = sockets.value[0].drain(through: &buffer) { _ in false }
                    drained.update { $0.append(result) }
                }
            }
        }
        loop.execute { try? loop.watch(fd: listener.fd, token: 1) }
        let client = try PlainClient(port: listener.port)
        _ = client.write([22, 3, 1, 2, 0, 1])
        await drained.wait("read") { !$0.isEmpty }
        #expect(drained.value == [.drained])
        let socket = try #require(sockets.value.first)
        #expect(socket.isHandshaking)
        #expect(socket.isSecure)
        await loop.perform { loop.close(socket) }
        #expect(await blocking { client.read(1) } == [])
        client.close()
        await loop.stopAndWait()
    }

    @Test func `A handshake in progress does not spin`() async throws {
        // A listener that accepts and never answers.
        let silent = try Listener.bind(host: "127.0.0.1", port: 0)
        let client = try LoopClient(
            port: silent.port, tls: TLSClientContext(serverName: "one.test"), sends: [1])
        client.start()
        let fd = silent.fd
        let hello = try #require(await blocking { Self.firstByte(acceptedFrom: fd) })
        #expect(hello == 22)
        await client.loop.perform {}
        #expect(client.tally.value.batches < 10)
        await client.stop()
    }

    private static func firstByte(acceptedFrom listener: Int32) -> UInt8? {
        var descriptor = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, 20_000) == 1 else { return nil }
        let fd = accept(listener, nil, nil)
        var byte: UInt8 = 0
        let count = unsafe recv(fd, &byte, 1, 0)
        return count == 1 ? byte : nil
    }

    @Test func `A second connection takes up the session of the first`() async throws {
        let fixture = try await TLSFixture.start()
        let tls = try fixture.trusting("one.test")
        for round in 0..<3 {
            let client = try fixture.client(tls, sends: [1, 2, 3])
            await client.tally.wait("the echo") { $0.received == [1, 2, 3] }
            #expect(client.tally.value.resumed == (round > 0))
            await client.stop()
        }
        await fixture.stop()
    }

    @Test func `A reload serves the new certificate, and open connections go on`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try fixture.client(sends: [1])
        await client.tally.wait("the echo") { $0.received == [1] }
        _ = try await fixture.certificates.make("one.test", for: "DNS:three.test")
        try fixture.context.reload()
        let late = try fixture.client("three.test", sends: [7])
        await late.tally.wait("the new name") { $0.received == [7] || $0.failure != nil }
        #expect(late.tally.value.failure == nil)
        await client.send([2])
        await client.tally.wait("still echoed") { $0.received == [1, 2] }

        // A reload that fails changes nothing.
        let path = try fixture.certificates.write("no certificate", to: "one.test.pem")
        let error = #expect(throws: TLSContextError.self) { try fixture.context.reload() }
        guard case .notACertificate(path, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let later = try fixture.client("three.test", sends: [8])
        await later.tally.wait("the name before") { $0.received == [8] }
        for client in [client, late, later] { await client.stop() }
        await fixture.stop()
    }

    @Test func `Files that cannot be served are refused in words`() async throws {
        let certificates = try await TestCertificates()
        let one = try await certificates.make("one", for: "DNS:one.test")
        let two = try await certificates.make("two", for: "DNS:two.test")
        let text = try certificates.write("hello\n", to: "text")
        let locked = certificates.folder + "/locked.key"
        try await certificates.openssl(
            "pkey", "-in", one.key, "-aes256", "-passout", "pass:secret", "-out", locked)
        func error(_ certificate: String, _ key: String) -> TLSContextError? {
            #expect(throws: TLSContextError.self) {
                try TLSContext([.init(certificate: certificate, key: key)])
            }
        }
        #expect(
            error(one.certificate, two.key)
                == .keyDoesNotMatch(key: two.key, certificate: one.certificate))
        #expect(error(one.certificate, locked) == .keyIsEncrypted(path: locked))
        let gone = certificates.folder + "/gone"
        #expect(error(gone, one.key) == .unreadable(path: gone, .other(code: ENOENT)))
        guard case .notACertificate(text, _)? = error(text, one.key) else {
            Issue.record("text served as a certificate")
            return
        }
        guard case .notAKey(text, _)? = error(one.certificate, text) else {
            Issue.record("text taken for a key")
            return
        }
        #expect(throws: TLSContextError.self) {
            try TLSClientContext(serverName: "one.test", trust: .authorities(file: text))
        }
    }

    @Test func `Plain HTTP on a TLS port gets an answer that a person can read`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try PlainClient(port: fixture.port)
        _ = client.write(Array("GET / HTTP/1.1\r\nHost: one.test\r\n\r\n".utf8))
        let answer = String(decoding: await blocking { client.read(10_000) }, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.hasSuffix("This port speaks TLS; use https:// or wss:// here.\n"))
        let parts = answer.split(separator: "\r\n\r\n")
        #expect(answer.contains("\r\nContent-Length: \(parts.last?.utf8.count ?? 0)\r\n"))
        // What it still sends resets nothing; it closes in its own time.
        #expect(client.write([UInt8](repeating: 65, count: 100_000)) == 100_000)
        client.close()
        await fixture.server.tally.wait("ended") { $0.ended == 1 }
        #expect(fixture.server.tally.value.bytes == 0)
        await fixture.stop()
    }

    @Test func `Garbage ends the connection`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try PlainClient(port: fixture.port)
        _ = client.write([UInt8](repeating: 0xFF, count: 300))
        #expect(await blocking { client.read(100) } == [])
        await fixture.server.tally.wait("ended") { $0.ended == 1 }
        guard case .tls(.broken)? = fixture.server.tally.value.failures.first else {
            Issue.record("\(fixture.server.tally.value.failures)")
            return
        }
        client.close()
        await fixture.stop()
    }

    @Test func `A peer that goes away in the handshake is an end of the stream`() async throws {
        let fixture = try await TLSFixture.start()
        let client = try PlainClient(port: fixture.port)
        _ = client.write([22, 3, 1, 2, 0, 1])
        client.finishWriting()
        await fixture.server.tally.wait("ended") { $0.ended == 1 }
        #expect(fixture.server.tally.value.failures.isEmpty)
        client.close()
        await fixture.stop()
    }

    @Test func `A connection that is cut without close_notify is an end of the stream`()
        async throws
    {
        let fixture = try await TLSFixture.start()
        let client = try fixture.client(sends: [1, 2, 3])
        await client.tally.wait("the echo") { $0.received == [1, 2, 3] }
        await client.cut()
        await fixture.server.tally.wait("ended") { $0.ended == 1 }
        #expect(fixture.server.tally.value.failures.isEmpty)
        await client.stop()
        await fixture.stop()
    }
}
