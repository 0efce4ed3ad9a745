import Model
import Storage
import Wire

/// Whose call it is, and when it came.
struct CallOrigin: Sendable {
    /// Nil for a guest, and for the local administrator.
    let holder: Peer.Holder?
    let nowMs: Int64
    let epoch: Int64
    /// Makes and reads the places in lists that callers hold.
    let cursors: SignedCursor
    /// `Protocol/social.md#local-socket`.
    var isLocalAdministrator = false
}

/// A call and what it sees. Valid only while it is performed or answered.
struct CallContext {
    let connection: any Connection
    let origin: CallOrigin
    /// Who is told of what a command does, in its transaction.
    let notices: Notices

    init(connection: any Connection, origin: CallOrigin) {
        self.connection = connection
        self.origin = origin
        notices = Notices(connection, nowMs: origin.nowMs, epoch: origin.epoch)
    }

    var holder: Peer.Holder? { origin.holder }
    var nowMs: Int64 { origin.nowMs }
    var epoch: Int64 { origin.epoch }
    var cursors: SignedCursor { origin.cursors }
    var isLocalAdministrator: Bool { origin.isLocalAdministrator }
    var user: Identifier? { holder?.user }

    /// The user, of a method that needs one.
    func signedIn() throws(WireError) -> Identifier {
        guard let user else { throw WireError(.forbidden, "sign in first", allowed: "user") }
        return user
    }

    func newIdentifier() -> Identifier { NewIdentifier.make(nowMs: nowMs) }
}

/// One write of one caller. `Protocol/wire.md#writes`.
protocol Command: Sendable {
    /// Reads, decides and writes inside the journal's transaction, on the journal's queue: nothing
    /// can change between the decision and the write. It calls stores and pure code, nothing else:
    /// the transaction may be undone after it has returned.
    ///
    /// - Parameter effects: what follows once this is on the disk.
    /// - Returns: the answer. It is kept for a day, so it holds no secret that is not `hidden`.
    /// - Throws: `WireError` to refuse; then nothing of it is written.
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON

    /// Members of the answer that are given once and not kept: secrets.
    static var hidden: [String] { get }
}

extension Command {
    static var hidden: [String] { [] }
}

/// One question of one caller.
protocol Query: Sendable {
    /// Reads on a snapshot, on a reader's thread.
    ///
    /// - Throws: `WireError` to refuse.
    func answer(_ call: CallContext) throws -> JSON
}
