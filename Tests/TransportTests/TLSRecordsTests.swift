import COpenSSL
import Glibc
import Testing

import Transport

/// What a peer can make TLS itself do: keys, renegotiation, tiny records, output that waits.
@Suite(.timeLimit(.minutes(2)))
struct TLSRecordsTests {
    @Test func `RFC 8446 §4.6.3: a peer may change its keys now and then`() async throws {
        let fixture = try await TLSFixture.start()
        let port = fixture.port
        let echoed = await blocking {
            RawTLSClient.with(port: port) { client in
                guard client.changeKeys(20) else { return [] }
                return client.send([1, 2, 3], recordBytes: 3) ? client.receive(3) : []
            }
        }
        #expect(echoed == [1, 2, 3])
        #expect(fixture.server.tally.value.failures.isEmpty)
        await fixture.stop()
    }

    @Test func `A flood of new keys ends the connection`() async throws {
        let fixture = try await TLSFixture.start()
        let port = fixture.port
        _ = await blocking {
            RawTLSClient.with(port: port) { client in
                _ = client.changeKeys(5_000)
                return client.receive(1)
            }
        }
        await fixture.server.tally.wait("ended") { $0.ended == 1 }
        #expect(fixture.server.tally.value.failures == [.tls(.tooManyControlRecords)])
        #expect(fixture.server.tally.value.bytes == 0)
        await fixture.stop()
    }

    /// What they cost is bounded by what they are on the wire: 23 bytes for each of theirs.
    @Test func `Tiny records are no way around the bound of a reading`() async throws {
        let fixture = try await TLSFixture.start()
        await fixture.server.configure(drainBytesMax: 1_000)
        let port = fixture.port
        let sent = (0..<5_000).map { UInt8(truncatingIfNeeded: $0) }
        let echoed = await blocking {
            RawTLSClient.with(port: port) { client in
                client.send(sent, recordBytes: 1) ? client.receive(sent.count) : []
            }
        }
        #expect(echoed == sent)
        #expect(fixture.server.tally.value.drainedBytesMax <= 1_000 / 23 + 1)
        await fixture.stop()
    }

    @Test func `RFC 5246 §7.4.1: renegotiation is refused`() async throws {
        let fixture = try await TLSFixture.start()
        let output = await fixture.openssl("-tls1_2", input: "R\n")
        #expect(output.contains("RENEGOTIATING"))
        #expect(output.contains("no renegotiation"))
        await fixture.stop()
    }

    @Test func `What waits for the kernel is bounded`() async throws {
        let certificates = try await TestCertificates()
        let files = try await certificates.make("one", for: "DNS:one.test")
        let pair = try TLSPair(files, unsentBytesMax: 40_000)
        try #require(pair.shakeHands())
        #expect(pair.server.write([UInt8](repeating: 1, count: 16_384)))
        #expect(pair.server.write([UInt8](repeating: 2, count: 16_384)))
        #expect(!pair.server.write([UInt8](repeating: 3, count: 16_384)), "beyond the bound")
        #expect(pair.server.unsentBytes <= 40_000)
    }

    @Test func `Output that never empties moves up in its buffer, and arrives whole`()
        async throws
    {
        let certificates = try await TestCertificates()
        let files = try await certificates.make("one", for: "DNS:one.test")
        let pair = try TLSPair(files, unsentBytesMax: 262_144)
        try #require(pair.shakeHands())
        var sent: [UInt8] = []
        var waited = 0
        for round in 0..<400 {
            let record = (0..<(1 + round * 7_919 % 16_384)).map {
                UInt8(truncatingIfNeeded: $0 &* 31 &+ round)
            }
            try #require(pair.server.write(record))
            sent += record
            // As much leaves as comes, so something always waits behind what is sent.
            while pair.server.unsentBytes > 20_000 { pair.client.read() }
            if pair.server.unsentBytes > 0 { waited += 1 }
        }
        #expect(waited > 350)
        while pair.server.unsentBytes > 0 { pair.client.read() }
        pair.client.read()
        #expect(pair.client.received == sent)
    }
}
