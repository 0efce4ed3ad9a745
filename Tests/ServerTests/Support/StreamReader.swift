import Model
import Testing
import Wire

@testable import Server

/// A socket of one of a house's people that opens streams and reads what they tell.
final class StreamReader {
    private let socket: RawSocket
    private var nextID: Int64 = 1
    /// Events that came while something else was waited for.
    private var early: [Wire.Event] = []

    /// - Parameter person: nil for a guest.
    init(_ house: SocialHouse, person: Int?) throws {
        socket = try RawSocket(house.server.addresses[0])
        _ = try socket.upgrade(
            path: "/v1/socket", ["Sec-WebSocket-Protocol: \(Subprotocol.name)"])
        let params: JSON.Object =
            person.map { ["token": .string(SocialHouse.token($0))] } ?? [:]
        _ = try call(.sessionOpen, params)
    }

    func close() { socket.write(RawSocket.frame(0x88, [])) }

    func open(_ stream: StreamName, _ cursor: Cursor?) throws -> StreamOpening {
        var params: JSON.Object = ["stream": .string(stream.text)]
        if let cursor { params["cursor"] = cursor.json }
        return try #require(StreamOpening(json: try call(.streamOpen, params)))
    }

    func call(_ method: Wire.Method, _ params: JSON.Object) throws -> JSON {
        let id = RequestID.integer(nextID)
        nextID += 1
        socket.write(
            RawSocket.frame(0x81, Request(id: id, method: method, params: params).bytes))
        while true {
            switch try message() {
            case .result(id, let result): return result
            case .failure(id, let error): throw error
            case .notification(NotificationName.event, let params):
                if let event = Wire.Event(params: params) { early.append(event) }
            default: break
            }
        }
    }

    /// The next event of a kind; others before it are skipped.
    func next(_ kind: Wire.Event.Kind) throws -> Wire.Event {
        while true {
            if !early.isEmpty {
                let event = early.removeFirst()
                if event.kind == kind { return event }
            } else if case .notification(NotificationName.event, let params) = try message(),
                let event = Wire.Event(params: params)
            {
                early.append(event)
            }
        }
    }

    private func message() throws -> ServerMessage {
        while true {
            let frame = socket.readFrame()
            try #require(frame.count >= 2, "nothing more came")
            guard frame[0] == 0x81 else { continue }
            let head = frame[1] == 126 ? 4 : 2
            return try #require(ServerMessage.read(Array(frame.dropFirst(head)))?.first)
        }
    }
}
