import WebSocket

/// A connection after its upgrade.
final class WebSocketPhase {
    var connection: Connection

    init(_ connection: consuming Connection) {
        self.connection = connection
    }

    var isOpen: Bool { connection.isOpen }
}
