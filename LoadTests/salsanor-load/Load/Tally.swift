/// What all editors of a run add to.
final class Tally {
    var acknowledgement = Latency()
    /// Sockets that were lost while nobody meant to.
    var lostConnections = 0
}
