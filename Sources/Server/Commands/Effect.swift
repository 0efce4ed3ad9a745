import Model

/// What follows from a write once it is on the disk, before its answer leaves.
enum Effect: Hashable, Sendable {
    /// These sessions are over: their sockets are closed.
    case sessionsEnded([Identifier])
    /// Who may see or edit the pattern, or whether it is there at all, has changed: its room, if it
    /// is open, looks again.
    case accessChanged(Identifier)
    /// Somebody was banned, deactivated or deleted, or is back: the same for all their patterns.
    case ownerChanged(Identifier)
    /// This user is called something else from now on.
    case renamed(Identifier, String)
    /// Told to those who are subscribed, in the order of the commits.
    case publish(Publication)
    /// How many like, play, fork or comment on this pattern has changed.
    case countersChanged(Identifier)
    /// Whom this user follows, or with whom they have a block, has changed.
    case relationsChanged(Identifier)
    /// A letter waits.
    case mailQueued
    /// More inboxes have to be gone through than one transaction did.
    case inboxesLeft
}
