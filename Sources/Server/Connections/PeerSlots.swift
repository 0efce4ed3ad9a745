/// The peers of one event loop, by token. They are looked up for each message, so a token says
/// where its peer stands.
struct PeerSlots<Peer: Link> {
    /// A token is a serial number, and below it the place.
    private static var placeBits: UInt64 { 24 }
    private static var noPlace: UInt64 { (1 << placeBits) - 1 }

    private var peers: [Peer?] = []
    private var freePlaces: [Int] = []
    private var serial: UInt64 = 0

    var isEmpty: Bool { freePlaces.count == peers.count }
    var all: [Peer] { peers.compactMap(\.self) }

    /// One that nobody had, for the next peer that is put in.
    mutating func tokenForNext() -> UInt64 {
        token(place: UInt64(freePlaces.last ?? peers.count))
    }

    /// One that nobody had, for what is no peer.
    mutating func tokenForOther() -> UInt64 {
        token(place: Self.noPlace)
    }

    private mutating func token(place: UInt64) -> UInt64 {
        serial += 1
        return serial << Self.placeBits | place
    }

    subscript(token: UInt64) -> Peer? {
        let place = Int(token & Self.noPlace)
        guard place < peers.count, let peer = peers[place], peer.address.token == token else {
            return nil
        }
        return peer
    }

    /// - Parameter peer: has the token of the last `tokenForNext()`.
    mutating func insert(_ peer: Peer) {
        let place = Int(peer.address.token & Self.noPlace)
        if place == peers.count {
            peers.append(peer)
        } else {
            precondition(freePlaces.popLast() == place, "somebody else has the place")
            peers[place] = peer
        }
    }

    mutating func remove(_ peer: Peer) {
        guard self[peer.address.token] != nil else { return }
        let place = Int(peer.address.token & Self.noPlace)
        peers[place] = nil
        freePlaces.append(place)
    }
}
