import Testing
import Transport

@testable import Server

/// `Protocol/wire.md#socket`
@Suite struct HostPolicyTests {
    private func policy(
        publicURL: String? = nil, origins: [String] = [], bound: [(String, UInt16)]
    ) throws -> HostPolicy {
        let addresses = try bound.map { host, port in
            try #require(SocketAddress(host: host, port: port))
        }
        return HostPolicy(
            configuration: ServerConfiguration(
                listen: addresses, dataPath: "/nowhere", shards: 1, publicURL: publicURL,
                origins: origins),
            bound: addresses)
    }

    @Test func `A loopback listener is reached by its names and its own port only`() throws {
        let policy = try policy(bound: [("127.0.0.1", 8_080)])
        for host in ["localhost:8080", "LocalHost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            #expect(policy.allows(host: host), "\(host)")
        }
        for host in [
            "", "localhost", "localhost:80", "127.0.0.1:8081", "rebound.example:8080",
            "localhost.example:8080", "localhost:8080.example", "127.0.0.1:8080 ", "0.0.0.0:8080",
        ] {
            #expect(!policy.allows(host: host), "\(host)")
        }
    }

    @Test func `Port 80 may be left out`() throws {
        let policy = try policy(bound: [("127.0.0.1", 80)])
        #expect(policy.allows(host: "localhost"))
        #expect(policy.allows(host: "localhost:80"))
        #expect(policy.allows(origins: ["http://localhost"]))
        #expect(!policy.allows(origins: ["https://localhost"]))
    }

    @Test func `The literal address of a listener is a host`() throws {
        let policy = try policy(bound: [("192.0.2.7", 81), ("2001:db8::7", 82)])
        #expect(policy.allows(host: "192.0.2.7:81"))
        #expect(!policy.allows(host: "192.0.2.7:82"))
        #expect(policy.allows(host: "[2001:db8::7]:82"))
        #expect(policy.allows(origins: ["http://[2001:db8::7]:82"]))
    }

    @Test func `The public URL is a host and an origin, with scheme and port exact`() throws {
        let policy = try policy(
            publicURL: "https://Salsa.example:8443/path", bound: [("127.0.0.1", 8_080)])
        #expect(policy.allows(host: "salsa.example:8443"))
        #expect(!policy.allows(host: "salsa.example"))
        #expect(policy.allows(origins: ["https://salsa.example:8443"]))
        #expect(policy.allows(origins: ["HTTPS://SALSA.EXAMPLE:8443"]))
        for origin in [
            "http://salsa.example:8443", "https://salsa.example", "https://salsa.example:8443/",
            "https://evil.salsa.example:8443", "null", "",
        ] {
            #expect(!policy.allows(origins: [origin]), "\(origin)")
        }
    }

    @Test func `What is no URL adds nothing`() throws {
        for url in ["", "salsa.example", "https:/salsa.example"] {
            let policy = try policy(publicURL: url, bound: [("127.0.0.1", 8_080)])
            #expect(!policy.allows(host: "salsa.example"), "\(url)")
            #expect(!policy.allows(origins: ["https://salsa.example"]), "\(url)")
            #expect(policy.allows(host: "localhost:8080"))
            #expect(!policy.allows(host: ""), "\(url)")
        }
    }

    @Test func `No origin is no browser; a named origin is let in, others are not`() throws {
        let policy = try policy(
            origins: ["https://Studio.example"], bound: [("127.0.0.1", 8_080)])
        #expect(policy.allows(origins: []))
        #expect(policy.allows(origins: ["https://studio.example"]))
        // It may ask; it is not where the server lives.
        #expect(!policy.allows(host: "studio.example"))
        #expect(policy.allows(origins: ["http://localhost:8080"]))
        #expect(!policy.allows(origins: ["http://localhost:3000"]))
        #expect(!policy.allows(origins: ["null"]))
    }

    @Test func `An origin is one field with a scheme, a host and a port, no more`() throws {
        let policy = try policy(
            origins: ["https://studio.example:443", "http://dance.example:8000"],
            bound: [("127.0.0.1", 8_080)])
        for origin in [
            "https://studio.example", "https://studio.example:443", "HTTPS://Studio.Example",
            "http://dance.example:8000",
        ] {
            #expect(policy.allows(origins: [origin]), "\(origin)")
        }
        for origin in [
            "http://studio.example", "https://studio.example:8443", "https://studio.example/",
            "https://studio.example.", "https://x@studio.example", "https://studio.example ",
            "studio.example", "//studio.example", "null", "", "http://dance.example",
            "https://dance.example:8000", "http://dance.example:80", "http://dance.example:08000",
        ] {
            #expect(!policy.allows(origins: [origin]), "\(origin)")
        }
        #expect(!policy.allows(origins: ["https://studio.example", "https://studio.example"]))
        #expect(!policy.allows(origins: ["https://studio.example", "null"]))
    }

    @Test func `A host is known with and without the port of its scheme`() throws {
        let policy = try policy(
            publicURL: "https://salsa.example", bound: [("127.0.0.1", 8_080)])
        #expect(policy.allows(host: "salsa.example"))
        #expect(policy.allows(host: "Salsa.example:443"))
        #expect(!policy.allows(host: "salsa.example:80"))
    }
}
