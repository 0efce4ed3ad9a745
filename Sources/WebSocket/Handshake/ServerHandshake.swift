package import HTTP

/// The server's side of the opening handshake (RFC 6455 §4.2). Pure: whether this origin, host and
/// path may connect has been decided by the caller.
package enum ServerHandshake {
    package enum Outcome: Sendable, Equatable {
        /// Send the bytes; what follows in either direction is frames.
        ///
        /// - Parameters:
        ///   - subprotocol: the one chosen; nil when the client offered none.
        ///   - messageExtension: for `Connection.init`.
        case accepted(
            response: [UInt8], subprotocol: String?, messageExtension: MessageExtension)
        /// Send the response and close, or keep the connection for another request.
        case rejected(Response)
    }

    static let version = "13"

    /// Judges a request.
    ///
    /// - Parameters:
    ///   - subprotocols: ours, the preferred first. A client that offers only others is refused;
    ///     one that offers none is accepted without.
    ///   - compression: accepted when offered; nil for never.
    ///   - headers: added to the 101, such as `Date` or `Server`.
    package static func respond(
        to head: RequestHead, subprotocols: [String], compression: DeflateConfiguration? = nil,
        headers: HeaderFields = HeaderFields()
    ) -> Outcome {
        guard head.method == .get else {
            return reject(
                .methodNotAllowed, "A WebSocket is opened with GET (RFC 6455 §4.1).",
                ["Allow": "GET"])
        }
        if let complaint = complaint(about: head) { return reject(.badRequest, complaint) }
        let versions = head.headers.values(of: "Sec-WebSocket-Version")
        guard versions == [version] else {
            // §4.4
            return reject(
                .upgradeRequired, "Only Sec-WebSocket-Version 13 is spoken here.",
                ["Sec-WebSocket-Version": version, "Upgrade": "websocket"])
        }
        let offered = head.headers.elements(of: "Sec-WebSocket-Protocol")
        guard offered.allSatisfy(Characters.isToken), Set(offered).count == offered.count else {
            return reject(
                .badRequest, "Sec-WebSocket-Protocol is a list of different tokens (§4.1).")
        }
        let chosen = subprotocols.first(where: offered.contains)
        guard chosen != nil || offered.isEmpty || subprotocols.isEmpty else {
            let ours = subprotocols.joined(separator: ", ")
            return reject(
                .badRequest, "None of the subprotocols offered is spoken here. Supported: \(ours)")
        }
        let extensions: [ExtensionHeader.Element]
        do throws(ExtensionHeader.Malformed) {
            extensions = try ExtensionHeader.parse(head.headers)
        } catch {
            return reject(.badRequest, "Sec-WebSocket-Extensions is malformed (§9.1).")
        }
        var agreed: MessageExtension = .none
        var headers = headers
        if let compression,
            let (answer, parameters) = DeflateNegotiation.accept(extensions, compression)
        {
            headers.set("Sec-WebSocket-Extensions", answer)
            agreed = .deflate(parameters, compression)
        }
        let key = head.headers["Sec-WebSocket-Key"] ?? ""
        return .accepted(
            response: response(key: key, chosen, headers), subprotocol: chosen,
            messageExtension: agreed)
    }

    /// What is wrong with the fields (§4.2.1), nil when nothing is.
    private static func complaint(about head: RequestHead) -> String? {
        guard head.version == .http11 else { return "A WebSocket needs HTTP/1.1 (§4.1)." }
        guard head.headers.hasToken("websocket", in: "Upgrade") else {
            return "The Upgrade field does not name websocket (§4.1)."
        }
        guard head.headers.hasToken("upgrade", in: "Connection") else {
            return "The Connection field does not name Upgrade (§4.1)."
        }
        let keys = head.headers.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, Base64.encodesSixteenBytes(keys[0]) else {
            return "Sec-WebSocket-Key is one field of 16 bytes in base64 (§4.1)."
        }
        guard head.headers.contains("Sec-WebSocket-Version") else {
            return "Sec-WebSocket-Version is missing (§4.1)."
        }
        return nil
    }

    private static func response(
        key: String, _ subprotocol: String?, _ headers: HeaderFields
    ) -> [UInt8] {
        var response = Response(status: .switchingProtocols, headers: headers)
        response.headers.set("Upgrade", "websocket")
        response.headers.set("Connection", "Upgrade")
        response.headers.set("Sec-WebSocket-Accept", AcceptKey.accept(for: key))
        if let subprotocol { response.headers.set("Sec-WebSocket-Protocol", subprotocol) }
        return response.serialised(keepAlive: true)
    }

    private static func reject(
        _ status: Status, _ text: String, _ headers: HeaderFields = HeaderFields()
    ) -> Outcome {
        .rejected(Response(status: status, text: text + "\n", headers: headers))
    }
}
