import Transport
import WebSocket

/// The connections of one event loop, and what driving them needs.
final class ConnectionTable<Peer: Link> {
    var peers = PeerSlots<Peer>()
    var listeners: [UInt64: Listener] = [:]
    /// Those with something to write or to look at when the turn ends.
    var dirtyPeers: [Peer] = []
    /// By token.
    var timers = DeadlineHeap<UInt64>()
    private var readBuffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)
    /// Refused ones whose request is waited for.
    var refusedCount = 0
    /// Of the Unix socket of this machine.
    var localCount = 0
    /// Lent to those whose messages are read, until what they get is written.
    private var spareBuffers = SpareBuffers()
    /// When it was last logged that accepting pauses.
    var pauseLoggedAt: Duration?
    private var spareList: [Peer] = []

    init() {}

    /// For what is no peer.
    func takeToken() -> UInt64 { peers.tokenForOther() }

    /// Gives the loop's memory away for a while: an access to it for each peer would cost more
    /// than this once. It is not lent twice.
    func lend(_ body: (_ readBuffer: inout [UInt8], _ spares: inout SpareBuffers) -> Void) {
        var readBuffer: [UInt8] = []
        var spares = SpareBuffers()
        swap(&readBuffer, &self.readBuffer)
        swap(&spares, &spareBuffers)
        body(&readBuffer, &spares)
        swap(&readBuffer, &self.readBuffer)
        swap(&spares, &spareBuffers)
    }

    /// Those who are dirty now; who becomes dirty meanwhile is in the list of the next call.
    func forEachDirty(_ body: (Peer) -> Void) {
        var list: [Peer] = []
        swap(&list, &spareList)
        swap(&list, &dirtyPeers)
        for peer in list {
            peer.isDirty = false
            body(peer)
        }
        list.removeAll(keepingCapacity: list.capacity <= Self.keptListMax)
        swap(&list, &spareList)
    }

    /// A turn that woke everybody does not keep the memory for it.
    private static var keptListMax: Int { 1_024 }
}
