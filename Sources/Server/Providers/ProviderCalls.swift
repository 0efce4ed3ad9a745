import Model
import Social
import Wire

/// From the methods of `Protocol/providers.md` to what does them.
extension Shard {
    /// - Parameter method: one of that page.
    func callProvider(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ peer: Peer,
        _ reply: Reply
    ) throws(WireError) {
        switch method {
        case .accountProviders:
            answer(reply, .json(services.providers.offer(nowMs: moment.wallClockMs)))
        case .accountSignInWith:
            let (client, letters) = (ClientTrace(peer), services.letters)
            try checkToken(params, reply) { (shard, person) throws(WireError) in
                // A guest's: there is nobody yet to remember it by.
                try shard.write(
                    SignInWithProvider(person: person, client: client, letters: letters),
                    method, params, by: .guest, reply)
            }
        case .accountLink:
            try checkToken(params, reply) { (shard, person) throws(WireError) in
                // Who asked may be gone.
                guard let peer = shard.table.peers[reply.peer.token] else { return }
                try shard.writeConfirmed(
                    method, params, password: params["password"]?.string, needsPassword: false,
                    by: caller, peer, reply
                ) { _ in LinkProvider(person: person) }
            }
        case .accountUnlink:
            try write(
                UnlinkProvider(provider: try Params(params).choice("provider")), method, params,
                by: caller, reply)
        default: throw WireError(.methodNotFound, "no method of providers")
        }
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
