import Model
import Replica
import Wire

/// A replica that expectations may change: they take their subject as a constant.
@dynamicMemberLookup
final class Subject {
    private var replica: PatternReplica

    init(room: Identifier) {
        replica = PatternReplica(room: room)
    }

    subscript<Value>(dynamicMember path: KeyPath<PatternReplica, Value>) -> Value {
        replica[keyPath: path]
    }

    func edit(_ content: EditContent, claimedMs: Int64?) -> EditTicket? {
        replica.edit(content, claimedMs: claimedMs)
    }

    func takeRequests(now: Duration) -> [EditRequest] { replica.takeRequests(now: now) }
    func takeChanges() -> [PatternReplica.Change] { replica.takeChanges() }
    func takeMismatch() -> (number: Int64, state: [UInt8])? { replica.takeMismatch() }
    func joinRequest() -> JoinRequest { replica.joinRequest() }
    func joined(_ result: JoinResult) { replica.joined(result) }
    func receive(_ event: Event, now: Duration) { replica.receive(event, now: now) }
    func disconnected() { replica.disconnected() }
}
