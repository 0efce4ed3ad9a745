import HTTP
import Testing
import Transport

@testable import Server

/// `Protocol/wire.md#behind-a-proxy`, RFC 7239
@Suite struct TrustedProxiesTests {
    private static let proxies = ["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.1"]

    private func client(
        _ headers: HeaderFields, from peer: String = "10.0.0.1",
        header: ForwardedHeader = .xForwardedFor
    ) throws -> String {
        let proxies = TrustedProxies(
            try Self.proxies.map { try #require(NetworkPrefix($0)) }, header: header)
        let peer = try #require(SocketAddress(host: peer, port: 4_711))
        return proxies.client(of: headers, from: peer).host
    }

    @Test func `A stranger's word is never believed`() throws {
        for (header, value) in [
            (ForwardedHeader.forwarded, "for=198.51.100.1"), (.xForwardedFor, "198.51.100.1"),
        ] {
            let headers: HeaderFields = [header.fieldName: value]
            #expect(try client(headers, from: "203.0.113.9", header: header) == "203.0.113.9")
            #expect(try client(headers, from: "192.0.2.1", header: header) == "198.51.100.1")
        }
    }

    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"),
        // What stands left of the first stranger is the stranger's own invention.
        ("203.0.113.1, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.1.1.1 ,\t10.2.2.2", "198.51.100.7"),
        ("garbage!, 198.51.100.7", "198.51.100.7"),
        // Proxies all the way.
        ("10.9.9.9, 10.1.1.1", "10.9.9.9"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("198.51.100.7, 2001:db8:1:ffff::1", "198.51.100.7"),
        ("198.51.100.7, ::ffff:10.0.0.9", "198.51.100.7"),
        // What cannot be read ends the walk.
        ("198.51.100.7, garbage!, 10.1.1.1", "10.0.0.1"),
        ("198.51.100.7,", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("unknown", "10.0.0.1"),
        ("198.51.100.7:", "10.0.0.1"),
        ("198.51.100.7:x", "10.0.0.1"),
        ("198.51.100", "10.0.0.1"),
        ("[198.51.100.7]", "10.0.0.1"),
        ("[2001:db8::7", "10.0.0.1"),
        ("[2001:db8::7]4711", "10.0.0.1"),
        ("localhost", "10.0.0.1"),
    ])
    func `X-Forwarded-For is walked from the right`(value: String, client: String) throws {
        #expect(try self.client(["X-Forwarded-For": value]) == client)
    }

    @Test(arguments: [
        ("for=198.51.100.7", "198.51.100.7"),
        ("For=\"198.51.100.7:4711\"", "198.51.100.7"),
        ("for=198.51.100.7:4711", "198.51.100.7"),
        ("for=198.51.100.7;proto=https;by=10.0.0.1", "198.51.100.7"),
        ("proto=https ; for=198.51.100.7 ;", "198.51.100.7"),
        ("for=\"[2001:db8::7]\"", "2001:db8::7"),
        ("for=\"[2001:db8::7]:4711\"", "2001:db8::7"),
        ("for=\"[2001:db8::7]:_port\"", "2001:db8::7"),
        ("for=\"198.51.100.\\7\"", "198.51.100.7"),
        ("for=203.0.113.1, for=198.51.100.7, for=10.1.1.1", "198.51.100.7"),
        ("by=\"a, for=203.0.113.1\";for=198.51.100.7", "198.51.100.7"),
        ("for=unknown, for=198.51.100.7", "198.51.100.7"),
        // RFC 9110 §5.6.1.2: empty elements are none.
        (",for=198.51.100.7 ,, for=10.1.1.1,", "198.51.100.7"),
        ("for=10.9.9.9,for=10.1.1.1", "10.9.9.9"),
        // §6.2, §6.3
        ("for=unknown", "10.0.0.1"),
        ("for=_hidden", "10.0.0.1"),
        ("for=198.51.100.7, for=_SEVKISEK", "10.0.0.1"),
        ("for=198.51.100.7, proto=http", "10.0.0.1"),
        // Not well formed.
        ("for=\"198.51.100.7", "10.0.0.1"),
        ("for=\"abc, for=198.51.100.7", "10.0.0.1"),
        ("for=198.51.100.7;for=198.51.100.8", "10.0.0.1"),
        ("for 198.51.100.7", "10.0.0.1"),
        ("for=198.51.100.7 198.51.100.8", "10.0.0.1"),
        ("for=2001:db8::7", "10.0.0.1"),
        ("for=", "10.0.0.1"),
        ("for=\"\\", "10.0.0.1"),
        ("", "10.0.0.1"),
    ])
    func `RFC 7239: Forwarded is walked from the right`(value: String, client: String) throws {
        #expect(try self.client(["Forwarded": value], header: .forwarded) == client)
    }

    @Test func `Several lines are one list`() throws {
        #expect(
            try client([
                "X-Forwarded-For": "203.0.113.1", "x-forwarded-for": "198.51.100.7",
                "X-FORWARDED-FOR": "10.1.1.1",
            ]) == "198.51.100.7")
        #expect(
            try client(
                [
                    "Forwarded": "for=\"broken", "forwarded": "for=198.51.100.7, for=10.1.1.1",
                ], header: .forwarded) == "198.51.100.7")
    }

    @Test func `Only the field that was named is believed`() throws {
        let headers: HeaderFields = [
            "Forwarded": "for=203.0.113.1", "X-Forwarded-For": "198.51.100.7",
        ]
        #expect(try client(headers) == "198.51.100.7")
        #expect(try client(headers, header: .forwarded) == "203.0.113.1")
        #expect(try client(["Forwarded": "for=203.0.113.1"]) == "10.0.0.1")
        #expect(try client(["X-Forwarded-For": "198.51.100.7"], header: .forwarded) == "10.0.0.1")
    }

    @Test func `Without a field it is the proxy itself`() throws {
        #expect(try client([:]) == "10.0.0.1")
    }

    @Test func `A range has its bits in front`() throws {
        for text in [
            "10.0.0.1/8", "10.0.0.0/33", "2001:db8::/129", "10.0.0.0/", "10.0.0.0/-1", "/8", "",
            "proxy", "[::1]", "2001:db8::1/64", "10.0.0.0/8/8", "::ffff:10.0.0.0/8",
        ] {
            #expect(NetworkPrefix(text) == nil, "\(text)")
        }
        let everything = try #require(NetworkPrefix("0.0.0.0/0"))
        let odd = try #require(NetworkPrefix("192.0.2.128/25"))
        let six = try #require(NetworkPrefix("2001:db8:8000::/33"))
        for (host, inAll, inOdd, inSix) in [
            ("192.0.2.127", true, false, false), ("192.0.2.128", true, true, false),
            ("::ffff:192.0.2.200", true, true, false), ("2001:db8:8000::1", false, false, true),
            ("2001:db8:7fff::1", false, false, false),
        ] {
            let address = try #require(SocketAddress(host: host, port: 1))
            #expect(everything.contains(address) == inAll, "\(host)")
            #expect(odd.contains(address) == inOdd, "\(host)")
            #expect(six.contains(address) == inSix, "\(host)")
        }
    }
}
