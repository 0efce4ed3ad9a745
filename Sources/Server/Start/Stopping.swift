import Model
import Rooms
import Transport
import Wire

/// A clean stop: what was accepted is committed and told, clients are sent away with a code that
/// says come back, and only then the sockets close.
struct Stopping {
    enum Phase {
        /// Waits for the journal to take what rooms have gathered.
        case settlingRooms
        /// Waits for the other shards: their rooms have a last word for sockets of this one.
        case settled
        /// Waits for what was written to leave.
        case closingPeers
        case done
    }

    var phase = Phase.settlingRooms
    let deadline: Duration
    var completion: @Sendable () -> Void
}

extension Shard {
    var isStopping: Bool { stopping != nil }

    /// The first half: takes nothing more, and settles its rooms.
    ///
    /// - Parameter completion: called once, on this shard, when their last word is on its way.
    func settleRooms(completion: @escaping @Sendable () -> Void) {
        guard stopping == nil else { return }
        closeListeners()
        stopping = Stopping(
            deadline: EventLoop.now + .seconds(Limits.stopSeconds), completion: completion)
        dirtyRooms.formUnion(rooms.keys)
        wakeSoon()
    }

    /// The second half, when all shards are through the first.
    ///
    /// - Parameter completion: called once, on this shard, when all sockets are closed.
    func closePeers(completion: @escaping @Sendable () -> Void) {
        guard stopping?.phase == .settled else { return }
        stopping?.phase = .closingPeers
        stopping?.completion = completion
        let peers = table.peers.all
        let delaysMs = RestartSpread.delaysMs(clients: peers.count * shards.count)
        for peer in peers { sendAway(peer, delaysMs) }
        flushPeers()
        wakeSoon()
    }

    /// At the end of each turn while stopping.
    func progressStopping() {
        guard let stopping else { return }
        let isLate = moment.elapsed >= stopping.deadline
        switch stopping.phase {
        case .settlingRooms:
            let areClean = rooms.values.allSatisfy {
                // A disk that takes nothing is not waited for: what it did not take was refused.
                if case .open(let host) = $0 {
                    host.room.isClean || host.room.isReadOnly
                } else {
                    true
                }
            }
            guard areClean || isLate else {
                dirtyRooms.formUnion(rooms.keys)
                wakeSoon()
                return
            }
            // The last deltas and settlements, whatever the pace says.
            for id in Array(rooms.keys) {
                withRoom(id) { $0.room.finish(at: moment) }
            }
            finishRooms()
            handOver()
            self.stopping?.phase = .settled
            stopping.completion()
        case .settled: break
        case .closingPeers:
            if isLate { for peer in table.peers.all { close(peer) } }
            guard table.peers.isEmpty else {
                wakeSoon()
                return
            }
            self.stopping?.phase = .done
            stopping.completion()
        case .done: break
        }
    }

    private func sendAway(_ peer: Peer, _ delaysMs: ClosedRange<Int64>) {
        if let http = peer.http {
            if !http.isAnswering, http.output.isEmpty { close(peer) }
            http.closesWhenFlushed = true
            return
        }
        // A delay of its own for each: they would come back all at once.
        close(peer, .restart, retryAfterMs: Int64.random(in: delaysMs))
    }

    private func wakeSoon() {
        loop.wake(at: EventLoop.now + .milliseconds(5))
    }
}
