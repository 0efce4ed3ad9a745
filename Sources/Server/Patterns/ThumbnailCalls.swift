import HTTP
import Model
import Social
import Storage
import Wire

/// `GET /v1/patterns/<id>/thumbnail.svg`. `Protocol/patterns.md#picture`.
extension Shard {
    func answerThumbnail(of pattern: Identifier, _ head: RequestHead, _ peer: Peer) {
        guard head.method == .get || head.method == .head else {
            respond(
                peer,
                HTTP.Response(
                    status: .methodNotAllowed, text: "GET or HEAD\n",
                    headers: ["Allow": "GET, HEAD"]), to: head)
            return
        }
        authorise(head, peer) { shard, peer, caller in
            guard shard.isCharged(.read, caller, head, peer) else { return }
            shard.answerThumbnail(of: pattern, for: caller, head, peer.address)
        }
    }

    private func answerThumbnail(
        of pattern: Identifier, for caller: Caller, _ head: RequestHead, _ address: PeerAddress
    ) {
        let origin = origin(of: caller)
        let catalogue = services.catalogue
        let known = head.headers["If-None-Match"]
        let isReading = services.reader.read(
            {
                try FoundThumbnail.read(
                    pattern, catalogue, CallContext(connection: $0, origin: origin))
            },
            completion: { [self] result in
                let response: HTTP.Response? =
                    switch result {
                    case .success(let found): found.response(ifNoneMatch: known)
                    case .failure(is WireError): Self.noThumbnail
                    case .failure: nil
                    }
                post { shard in
                    if case .failure(let error) = result, response == nil {
                        _ = shard.unexpected(error)
                    }
                    shard.respond(address, response ?? Self.noThumbnailNow, to: head)
                }
            })
        if !isReading { respond(address, Self.noThumbnailNow, to: head) }
    }

    private func respond(_ address: PeerAddress, _ response: HTTP.Response, to head: RequestHead) {
        guard let peer = table.peers[address.token] else { return }
        respond(peer, response, to: head)
        // More may have been pipelined behind the request that is now answered.
        nextRequest(of: peer)
    }

    private static var noThumbnail: HTTP.Response {
        HTTP.Response(
            status: .notFound, text: "No such pattern.\n", headers: ["Cache-Control": "no-store"])
    }

    private static var noThumbnailNow: HTTP.Response {
        HTTP.Response(
            status: .serviceUnavailable, text: "Try again later.\n",
            headers: ["Cache-Control": "no-store"])
    }
}

private struct FoundThumbnail: Sendable {
    let bytes: [UInt8]
    let isPublic: Bool

    static func read(
        _ pattern: Identifier, _ catalogue: Catalogue, _ call: CallContext
    ) throws -> FoundThumbnail {
        try call.requireAccess(to: pattern, .see)
        guard let record = try PatternStore(call.connection).find(pattern) else {
            throw PatternAccess.noPattern
        }
        let configuration =
            (try? JSON.parse(Array(record.content.configuration.utf8), limits: .trusted)) ?? .null
        let svg = Thumbnail.svg(
            title: record.content.title, flavor: Flavor(rawValue: record.content.flavor) ?? .salsa,
            configuration: configuration, catalogue: catalogue)
        return FoundThumbnail(bytes: Array(svg.utf8), isPublic: record.isPublic)
    }

    /// RFC 9110 §13.1.2: 304 when the client has these bytes already.
    func response(ifNoneMatch known: String?) -> HTTP.Response {
        let tag = EntityTag(of: bytes)
        var response =
            tag.isKnown(ifNoneMatch: known)
            ? HTTP.Response(status: .notModified) : HTTP.Response(status: .ok, body: bytes)
        response.headers.set("ETag", tag.text)
        // What is private is asked for each time, with its token.
        response.headers.set(
            "Cache-Control",
            isPublic ? "public, max-age=\(Limits.pictureCacheSeconds)" : "private, no-cache")
        response.headers.set("Vary", "Authorization")
        response.headers.set("Content-Type", "image/svg+xml")
        response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox")
        response.headers.set("X-Content-Type-Options", "nosniff")
        return response
    }
}
