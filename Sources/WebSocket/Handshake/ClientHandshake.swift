package import HTTP

/// The client's side of the opening handshake (RFC 6455 §4.1).
package struct ClientHandshake: Sendable {
    /// What to send first.
    package let request: [UInt8]
    private let key: String
    private let subprotocols: [String]
    private let compression: DeflateConfiguration?

    /// - Parameters:
    ///   - host: with the port unless it is the scheme's own.
    ///   - target: path and query; begins with `/`.
    ///   - subprotocols: tokens, the preferred first.
    ///   - compression: offered; nil for none.
    ///   - headers: added, such as `Origin` or `Authorization`.
    ///   - keyBytes: 16 random bytes, new for each handshake.
    package init(
        host: String, target: String, subprotocols: [String],
        compression: DeflateConfiguration? = nil, headers: HeaderFields = HeaderFields(),
        keyBytes: [UInt8]
    ) {
        precondition(keyBytes.count == 16, "RFC 6455 §4.1: the key is 16 bytes")
        precondition(
            target.utf8.first == UInt8(ascii: "/")
                && target.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a target has no spaces")
        precondition(subprotocols.allSatisfy(Characters.isToken), "a subprotocol is a token")
        key = Base64.encode(keyBytes)
        self.subprotocols = subprotocols
        self.compression = compression
        var fields = headers
        fields.set("Host", host)
        fields.set("Upgrade", "websocket")
        fields.set("Connection", "Upgrade")
        fields.set("Sec-WebSocket-Key", key)
        fields.set("Sec-WebSocket-Version", ServerHandshake.version)
        if !subprotocols.isEmpty {
            fields.set("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", "))
        }
        if let compression {
            fields.set("Sec-WebSocket-Extensions", DeflateNegotiation.offer(compression))
        }
        var text = "GET \(target) HTTP/1.1\r\n"
        for field in fields.fields { text += "\(field.name): \(field.value)\r\n" }
        request = Array((text + "\r\n").utf8)
    }

    /// Checks the server's answer; bytes behind it are frames.
    ///
    /// - Returns: the subprotocol that the server chose, nil for none, and the extension for
    ///   `Connection.init`.
    package func verify(
        _ response: Response
    ) throws(ClientHandshakeError) -> (subprotocol: String?, messageExtension: MessageExtension) {
        guard response.status == .switchingProtocols else { throw .refused(response) }
        let headers = response.headers
        // §4.1, the client's steps 2 to 6
        guard headers.hasToken("websocket", in: "Upgrade") else { throw .missingUpgrade }
        guard headers.hasToken("upgrade", in: "Connection") else { throw .missingConnection }
        let accepts = headers.values(of: "Sec-WebSocket-Accept")
        guard accepts == [AcceptKey.accept(for: key)] else { throw .wrongAccept }
        let messageExtension = try messageExtension(headers)
        let chosen = headers.values(of: "Sec-WebSocket-Protocol")
        guard let first = chosen.first else { return (nil, messageExtension) }
        guard chosen.count == 1, subprotocols.contains(first) else { throw .unaskedSubprotocol }
        return (first, messageExtension)
    }

    private func messageExtension(
        _ headers: HeaderFields
    ) throws(ClientHandshakeError) -> MessageExtension {
        guard headers.contains("Sec-WebSocket-Extensions") else { return .none }
        let elements: [ExtensionHeader.Element]
        do throws(ExtensionHeader.Malformed) {
            elements = try ExtensionHeader.parse(headers)
        } catch {
            throw .badExtension
        }
        guard let compression, elements.count == 1,
            elements[0].name == DeflateNegotiation.name
        else { throw .unaskedExtension }
        guard let agreed = DeflateNegotiation.agreement(elements[0], compression) else {
            throw .badExtension
        }
        return .deflate(agreed, compression)
    }
}
