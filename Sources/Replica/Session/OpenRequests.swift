import Model
import Wire

/// The requests that wait for their answers, and what each is for.
struct OpenRequests: Sendable {
    enum Purpose {
        case open
        case heartbeat(sentAt: Duration)
        case clock(sentAt: Duration)
        case join(Identifier)
        case heal(Identifier)
        case leave
        case stream(StreamName)
        case inboxList
        case inboxPage
        /// The app's; it outlives the socket.
        case call
    }

    private var nextNumber: Session.CallID = 1
    private var purposes: [Session.CallID: Purpose] = [:]
    private var calls: [Session.CallID: Request] = [:]

    mutating func make(
        _ method: Method, _ params: JSON.Object, for purpose: Purpose
    ) -> Request {
        Request(id: .integer(number(purpose)), method: method, params: params)
    }

    /// Nil when too many calls are open.
    mutating func makeCall(
        _ method: Method, _ params: JSON.Object
    ) -> (id: Session.CallID, request: Request)? {
        guard calls.count < Session.callsMax else { return nil }
        let id = number(.call)
        let request = Request(id: .integer(id), method: method, params: params)
        calls[id] = request
        return (id, request)
    }

    mutating func forget(_ id: Session.CallID) {
        calls[id] = nil
        purposes[id] = nil
    }

    /// What the request was for; nil when nobody waits for it.
    mutating func answered(_ id: RequestID) -> (number: Session.CallID, purpose: Purpose)? {
        guard case .integer(let number) = id, let purpose = purposes.removeValue(forKey: number)
        else { return nil }
        calls[number] = nil
        return (number, purpose)
    }

    /// Nothing but calls is asked again on the next socket.
    mutating func socketClosed() {
        purposes = purposes.filter { calls[$0.key] != nil }
    }

    /// The calls whose turn it is, in their order.
    func calls(of isTheirTurn: (Method.Caller?) -> Bool) -> [Request] {
        calls.sorted { $0.key < $1.key }.map(\.value)
            .filter { isTheirTurn(Method(rawValue: $0.method)?.caller) }
    }

    private mutating func number(_ purpose: Purpose) -> Session.CallID {
        defer { nextNumber += 1 }
        purposes[nextNumber] = purpose
        return nextNumber
    }
}
