import HTTP
import Model
import Storage
import Wire

/// `/v1/unsubscribe/<secret>`: what a letter's `List-Unsubscribe` points to (RFC 8058).
/// `Protocol/notifications.md#digest`.
enum UnsubscribeLink {
    static let purpose = "unsubscribe"
    private static let prefix = "/v1/unsubscribe/"

    static func url(_ publicURL: String, secret: String) -> String {
        publicURL + prefix + secret
    }

    /// Nil for another path.
    static func secret(ofPath path: String) -> String? {
        guard path.hasPrefix(prefix) else { return nil }
        return String(path.dropFirst(prefix.count))
    }

    /// Returns false for a secret that is none, or too old. It stays: a second click is one, too.
    static func unsubscribe(
        _ secret: String, _ connection: any Connection, nowMs: Int64
    ) throws -> Bool {
        guard
            let user = try AccountSecretStore(connection).owner(
                secretSHA256: Secret.sha256(secret), purpose: purpose, nowMs: nowMs)
        else { return false }
        try DigestStore(connection).refuse(user, nowMs: nowMs)
        return true
    }

    static let page = page(
        """
        <form method="post"><button>No more letters about notifications</button></form>
        """)
    static let done = page("<p>You get no more letters about notifications.</p>")
    static let gone = page(
        "<p>This link is too old. The preferences of your account say what you get.</p>")

    private static func page(_ body: String) -> String {
        """
        <!doctype html><html lang="en"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><title>SalsaNor</title>
        \(body)</html>

        """
    }

    static func response(_ status: Status, _ page: String) -> HTTP.Response {
        HTTP.Response(
            status: status,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
                // The address of the page is a secret.
                "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy":
                    "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
            ], body: Array(page.utf8))
    }
}

extension Shard {
    /// Reading changes nothing: programs that look at links in letters do not unsubscribe anybody.
    func answerUnsubscribe(_ secret: String, _ head: RequestHead, _ peer: Peer) {
        switch head.method {
        case .get, .head:
            respond(peer, UnsubscribeLink.response(.ok, UnsubscribeLink.page), to: head)
        case .post:
            guard isCharged(.account, .guest, head, peer) else { return }
            let (address, nowMs) = (peer.address, moment.wallClockMs)
            services.journal.perform(
                { try UnsubscribeLink.unsubscribe(secret, $0, nowMs: nowMs) },
                completion: { [self] result in
                    post { $0.answerUnsubscribe(result, head, address) }
                })
        default:
            respond(
                peer,
                HTTP.Response(
                    status: .methodNotAllowed, text: "GET, HEAD or POST\n",
                    headers: ["Allow": "GET, HEAD, POST"]), to: head)
        }
    }

    private func answerUnsubscribe(
        _ result: Result<Bool, OperationFailure>, _ head: RequestHead, _ address: PeerAddress
    ) {
        guard let peer = table.peers[address.token] else { return }
        switch result {
        case .success(true):
            respond(peer, UnsubscribeLink.response(.ok, UnsubscribeLink.done), to: head)
        case .success(false):
            respond(peer, UnsubscribeLink.response(.notFound, UnsubscribeLink.gone), to: head)
        case .failure(let failure):
            _ = error(of: failure)
            respond(
                peer,
                HTTP.Response(status: .serviceUnavailable, text: "Try again later.\n"), to: head)
        }
        // More may have been pipelined behind the request that is now answered.
        nextRequest(of: peer)
    }
}
