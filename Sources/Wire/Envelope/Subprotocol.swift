/// The name in `Sec-WebSocket-Protocol`. `Protocol/wire.md#socket`.
package enum Subprotocol {
    package static let name = "salsanor.v1.json"
}
