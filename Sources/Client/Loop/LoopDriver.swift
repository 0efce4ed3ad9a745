package import Transport
import WebSocket

/// What lives on one loop: who is told of which descriptor, whose timer is next, who has bytes to
/// write at the end of the turn. Confined to `ClientLoop`, and so is every member.
package final class LoopDriver {
    package typealias Token = UInt64

    package let eventLoop: EventLoop
    /// The clients made through the async API, by their number.
    var cores: [Int: ClientCore] = [:]
    private var members: [Token: any LoopMember] = [:]
    private var deadlines = DeadlineHeap<Token>()
    private var dirty: [any LoopMember] = []
    private var nextToken: Token = 1
    /// One for all sockets of the loop: they are read one after the other.
    package var readBuffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)
    /// Lent to each link while it reads and writes.
    var spareBuffers = SpareBuffers()

    init(eventLoop: EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Keeps `member` alive until `remove`.
    package func add(_ member: any LoopMember) -> Token {
        defer { nextToken += 1 }
        members[nextToken] = member
        return nextToken
    }

    package func remove(_ token: Token) {
        members[token] = nil
        deadlines.cancel(token)
    }

    package func member(_ token: Token) -> (any LoopMember)? { members[token] }

    /// One deadline for each member; nil forgets it.
    package func setDeadline(_ deadline: Duration?, of token: Token) {
        if let deadline, members[token] != nil {
            deadlines.set(token, at: deadline)
        } else {
            deadlines.cancel(token)
        }
    }

    /// A member asks once a turn.
    package func flushSoon(_ member: any LoopMember) {
        dirty.append(member)
    }

    func turn(_ batch: [Readiness]) {
        for readiness in batch {
            members[readiness.token]?.ready(readiness, now: EventLoop.now)
        }
        let now = EventLoop.now
        while let token = deadlines.popDue(now: now) {
            members[token]?.deadlineReached(now: now)
        }
        while !dirty.isEmpty {
            var flushing: [any LoopMember] = []
            swap(&flushing, &dirty)
            for member in flushing { member.flush(now: now) }
        }
        if let next = deadlines.earliest() { eventLoop.wake(at: next) }
    }
}
