package import HTTP

/// Why a server's answer does not open a WebSocket (RFC 6455 §4.1).
package enum ClientHandshakeError: Error, Equatable, Sendable {
    /// Another status than 101; the body may say why.
    case refused(Response)
    case missingUpgrade
    case missingConnection
    /// `Sec-WebSocket-Accept` is missing, repeated, or not for our key.
    case wrongAccept
    case unaskedExtension
    /// `Sec-WebSocket-Extensions` is malformed (RFC 6455 §9.1), or its parameters do not fit the
    /// offer (RFC 7692 §7.1).
    case badExtension
    case unaskedSubprotocol
}
