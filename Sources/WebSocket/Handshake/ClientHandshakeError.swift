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
    case unaskedSubprotocol
}
