import HTTP
import Logging
import Transport
import WebSocket

/// An actor on an event loop that serves connections. It decides what requests and messages mean;
/// how a connection is accepted, read, written, timed and closed is in the extensions here, once
/// for all hosts.
///
/// A turn of a host is: `serve(_:)` what is ready, `reachDeadlines()`, its own work, and
/// `flushPeers()` at the end. All of it is synchronous, and generic code that the compiler makes
/// for each host: nothing here costs a call through a table for each message.
protocol ConnectionHost: Actor {
    associatedtype Peer: Link

    nonisolated var loop: EventLoop { get }
    nonisolated var log: Logger { get }
    nonisolated var admission: Admission { get }
    /// Which of the loops of its server this one is.
    nonisolated var index: Int { get }
    var table: ConnectionTable<Peer> { get }
    /// The time of this turn.
    var now: Duration { get }
    /// Nobody is let in any more.
    var isStopping: Bool { get }

    /// Gives a new connection to the loop that shall serve it: `adopt` there.
    func place(_ arrival: Arrival)
    /// A whole request. It is answered with `respond` or `upgrade`, now or later.
    func receive(_ request: HTTP.Request, from peer: Peer)
    /// What a WebSocket says.
    func receive(_ event: WebSocket.Event, from peer: Peer)
    /// The kernel took what it would of the output of a WebSocket.
    func didWrite(to peer: Peer, _ output: FlushedOutput)
    /// A deadline of the host's own for this peer, before those of its connection.
    func ownDeadline(of peer: Peer) -> Duration?
    /// That deadline has come.
    func ownDeadlineReached(by peer: Peer)
    /// The connection is over; called once.
    func didEnd(_ peer: Peer)
}

extension ConnectionHost {
    func ownDeadline(of peer: Peer) -> Duration? { nil }
    func ownDeadlineReached(by peer: Peer) {}

    func listen(on listener: Listener) throws {
        let token = table.takeToken()
        try loop.watch(fd: listener.fd, token: token)
        table.listeners[token] = listener
    }

    func closeListeners() {
        for listener in table.listeners.values {
            loop.unwatch(fd: listener.fd)
            listener.close()
        }
        table.listeners = [:]
    }

    /// The beginning of a turn.
    func serve(_ ready: [Readiness]) {
        table.lend { readBuffer, spares in
            for readiness in ready {
                if let peer = table.peers[readiness.token] {
                    serve(peer, readiness, through: &readBuffer, lending: &spares)
                } else if let listener = table.listeners[readiness.token] {
                    accept(from: listener)
                }
            }
        }
    }

    /// The end of a turn: one write for each peer that has something.
    func flushPeers() {
        table.lend { _, spares in
            table.forEachDirty { flush($0, lending: &spares) }
        }
    }
}
