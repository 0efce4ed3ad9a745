import Model
import Social
import Transport
import Wire

/// Sign-in with other services. `Protocol/providers.md`.
extension Shard {
    func signInWith(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let ipAddress = peer.socket.peerAddress?.host
        let letters = services.letters
        try checkToken(params, reply) { (shard, person) throws(WireError) in
            try shard.write(
                SignInWithProvider(
                    person: person, token: SessionToken.make(RandomBytes.make(32)),
                    ipAddress: ipAddress, letters: letters),
                .accountSignInWith, params, by: .guest, reply)
        }
    }

    func linkProvider(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        try checkToken(params, reply) { (shard, person) throws(WireError) in
            try shard.write(
                LinkProvider(person: person), .accountLink, params, by: caller, reply)
        }
    }

    func unlinkProvider(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        try write(
            UnlinkProvider(provider: try Providers.name(Params(params))), .accountUnlink, params,
            by: caller, reply)
    }

    /// Away from the loop, then on with whom the token speaks of.
    private func checkToken(
        _ params: JSON.Object, _ reply: Reply,
        then next:
            @escaping @Sendable (isolated Shard, Providers.Person) throws(WireError) -> Void
    ) throws(WireError) {
        try services.providers.check(Params(params), nowMs: moment.wallClockMs) {
            [self] result in
            post { shard in
                do throws(WireError) {
                    try next(shard, try result.get())
                } catch {
                    shard.answer(reply, .failure(error))
                }
            }
        }
    }
}
