import Testing
import Transport

@testable import Client

@Suite struct EndpointTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080", "127.0.0.1", 8080, "/v1/socket", "127.0.0.1:8080"),
        ("ws://example.org", "example.org", 80, "/v1/socket", "example.org"),
        ("WS://example.org/", "example.org", 80, "/v1/socket", "example.org"),
        ("ws://[::1]:9000/x?y=1", "::1", 9000, "/x?y=1", "[::1]:9000"),
        ("ws://host:81?y", "host", 81, "/v1/socket?y", "host:81"),
        ("wss://host", "host", 443, "/v1/socket", "host"),
        ("wss://host:80", "host", 80, "/v1/socket", "host:80"),
        ("https://host:443/x", "host", 443, "/x", "host"),
        ("http://host", "host", 80, "/v1/socket", "host"),
    ])
    func `an address has a host, a port and a target`(
        url: String, host: String, port: Int, target: String, authority: String
    ) throws {
        let endpoint = try Endpoint(url: url)
        #expect(endpoint.host == host)
        #expect(Int(endpoint.port) == port)
        #expect(endpoint.target == target)
        #expect(endpoint.authority == authority)
        let isSecure = url.hasPrefix("wss") || url.hasPrefix("https")
        #expect(endpoint.tls?.serverName == (isSecure ? host : nil))
    }

    @Test func `authorities that cannot be read are named`() {
        #expect(throws: ClientError.badTLS("cannot read \"/gone\": No such file or directory")) {
            try Endpoint(url: "wss://host", tlsAuthorities: "/gone")
        }
    }

    @Test(arguments: [
        "ftp://host", "host", "ws://", "wss://", "ws://:80", "ws://host:0", "ws://host:70000",
        "ws://host:", "ws://host:a", "ws://user@host", "ws://[::1]x", "ws://host/a b",
        "ws://host/#f", "",
    ])
    func `what is no address is refused`(url: String) {
        #expect(throws: ClientError.self) { try Endpoint(url: url) }
    }
}
