import Model
import Storage
import WebSocket
import Wire

/// Opens and closes the streams of peers, and replays them.
/// `Protocol/notifications.md#streams-and-delivery`.
extension Shard {
    // MARK: - Calls

    func openStream(
        _ params: JSON.Object, _ peer: Peer, _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        let name = try StreamName(openable: reader)
        let cursor = try reader.optional("cursor") { (name) throws(WireError) in
            try Cursor(try reader.object(name))
        }
        try openStream(name, cursor, peer, .reply(reply))
    }

    func closeStream(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        removeStream(try StreamName(openable: Params(params)), of: peer)
        answer(reply, .json([:]))
    }

    /// The streams of `session.open`, each answered by an event, and charged as `stream.open` is.
    func openStreams(_ wanted: [(name: StreamName, cursor: Cursor?)], _ peer: Peer) {
        for (name, cursor) in wanted {
            do throws(WireError) {
                try charge(.read, caller(peer), peer)
                try openStream(name, cursor, peer, .event)
            } catch {
                tellClosed(name, error, peer)
            }
        }
    }

    private func openStream(
        _ name: StreamName, _ cursor: Cursor?, _ peer: Peer, _ answer: StreamSeat.Answer
    ) throws(WireError) {
        let source = try source(of: name, for: peer.holder?.user)
        removeStream(name, of: peer)
        guard peer.streams.count < Limits.streamsPerPeerMax else {
            throw WireError(
                .limit, "too many streams", allowed: "\(Limits.streamsPerPeerMax) streams")
        }
        peer.streams[name] = StreamSeat(
            source: source, serial: table.takeToken(), asked: cursor, answer: answer)
        if let ground = source.fixedGround {
            settle(ground, name, peer)
        } else {
            readGround(name, peer)
        }
    }

    private func source(
        of name: StreamName, for user: Identifier?
    ) throws(WireError) -> any StreamSource {
        if let source = Self.source(of: name, for: user) { return source }
        switch name {
        case .inbox, .feed: throw WireError(.forbidden, "sign in first", allowed: "user")
        case .room, .pattern:
            throw WireError(
                .invalidParams, "not a stream to be opened so", path: "/stream",
                allowed: "inbox, feed, pattern:<pattern id>")
        }
    }

    // MARK: - What a stream is made of

    private func readGround(_ name: StreamName, _ peer: Peer) {
        guard var seat = peer.streams[name] else { return }
        seat.isGrounding = true
        seat.isStale = false
        peer.streams[name] = seat
        let source = seat.source
        readStream(name, peer, seat.serial, { try source.ground($0) }) { shard, peer, ground in
            guard peer.streams[name]?.isStale == false else {
                return shard.readGround(name, peer)
            }
            peer.streams[name]?.isGrounding = false
            shard.settle(ground, name, peer)
        }
    }

    private func settle(_ ground: StreamGround, _ name: StreamName, _ peer: Peer) {
        guard let seat = peer.streams[name] else { return }
        unsubscribe(seat.ground.topics.subtracting(ground.topics), name, peer)
        subscriptions.add(peer, to: ground.topics.subtracting(seat.ground.topics))
        peer.streams[name]?.ground = ground
        if seat.answer != nil {
            readPage(name, peer)
        } else {
            peer.streams[name]?.position.fallBehind(mustRead: true)
            progressStreams(of: peer)
        }
    }

    /// What a stream is made of has changed: it is read anew, and meanwhile nothing is pushed.
    func lookAgain(atStreamsOf topic: StreamTopic) {
        for peer in subscriptions[topic].map(Array.init) ?? [] {
            for (name, seat) in peer.streams where seat.ground.topics.contains(topic) {
                peer.streams[name]?.position.fallBehind(mustRead: true)
                if seat.isGrounding {
                    peer.streams[name]?.isStale = true
                } else {
                    readGround(name, peer)
                }
            }
        }
    }

    /// Topics that another stream of the peer has too stay.
    private func unsubscribe(_ topics: Set<StreamTopic>, _ name: StreamName, _ peer: Peer) {
        guard !topics.isEmpty else { return }
        var gone = topics
        for (other, seat) in peer.streams where other != name {
            gone.subtract(seat.ground.topics)
        }
        subscriptions.remove(peer, from: gone)
    }

    // MARK: - Pages

    private struct Reading: Sendable {
        let opening: StreamOpening?
        let page: StreamPage
    }

    private func readPage(_ name: StreamName, _ peer: Peer) {
        guard let seat = peer.streams[name] else { return }
        let (source, asked, epoch) = (seat.source, seat.asked, services.epoch)
        let isOpening = seat.answer != nil
        let number = seat.position.number
        readStream(name, peer, seat.serial) { connection in
            var opening: StreamOpening?
            if isOpening {
                let bounds = try source.bounds(connection)
                opening = StreamOpening(
                    asked: asked, epoch: epoch, floor: bounds.floor, head: bounds.head)
            }
            return Reading(
                opening: opening,
                page: try source.page(
                    after: opening?.cursor.number ?? number,
                    bytesMax: Limits.streamPageBytesMax, connection))
        } then: { shard, peer, reading in
            shard.send(reading, name, peer)
        }
    }

    private func send(_ reading: Reading, _ name: StreamName, _ peer: Peer) {
        guard var seat = peer.streams[name] else { return }
        if let opening = reading.opening {
            seat.position.begin(at: opening.cursor.number)
            switch seat.answer {
            case .reply(let reply)?: answer(reply, .json(opening.json))
            case .event?:
                sendText(
                    Wire.Event(stream: name, kind: .opened, data: opening.json).bytes, to: peer)
            case nil: break
            }
            seat.answer = nil
        }
        var last: Int64?
        for item in reading.page.items {
            var span: Wire.Event.Span?
            if let through = item.through {
                span = Wire.Event.Span(epoch: services.epoch, from: item.from, through: through)
                last = through
            }
            sendText(Wire.Event.bytes(name, item.kind, span, rawData: item.data), to: peer)
        }
        seat.position.read(
            through: reading.page.through, last: last, isLast: reading.page.isLast)
        peer.streams[name] = seat
        if seat.position.phase == .waiting { peer.hasWaitingStreams = true }
        markDirty(peer)
    }

    /// After a write: streams go on when the peer has taken everything, and stop when it takes too
    /// little.
    func progressStreams(of peer: Peer) {
        guard let web = peer.web, web.isOpen else { return }
        if web.connection.outbox.isAboveSoftMark {
            for name in peer.streams.keys { peer.streams[name]?.position.fallBehind() }
            peer.hasWaitingStreams = true
        } else if web.connection.outbox.isEmpty {
            peer.hasWaitingStreams = false
            for name in Array(peer.streams.keys)
            where peer.streams[name]?.position.drained() == true {
                readPage(name, peer)
            }
        } else {
            peer.hasWaitingStreams = true
        }
    }

    /// Reads for a stream; `body` runs on a reader's thread, `then` in a turn of this shard, unless
    /// the stream is gone by then. When it cannot be read the stream is closed.
    private func readStream<Value: Sendable>(
        _ name: StreamName, _ peer: Peer, _ serial: UInt64,
        _ body: @escaping @Sendable (any Storage.Connection) throws -> Value,
        then: @escaping @Sendable (isolated Shard, Peer, Value) -> Void
    ) {
        let token = peer.address.token
        let isReading = services.reader.read(body) { [self] result in
            post { shard in
                guard let peer = shard.table.peers[token], peer.streams[name]?.serial == serial
                else { return }
                switch result {
                case .success(let value): then(shard, peer, value)
                case .failure(let error as WireError): shard.endStream(name, error, of: peer)
                case .failure(let error):
                    shard.endStream(name, shard.unexpected(error), of: peer)
                }
            }
        }
        if !isReading { endStream(name, .busy, of: peer) }
    }

    // MARK: - The end

    /// The server closes a stream, or does not open it after all.
    private func endStream(_ name: StreamName, _ error: WireError, of peer: Peer) {
        guard let seat = removeStream(name, of: peer) else { return }
        if case .reply(let reply)? = seat.answer {
            answer(reply, .failure(error))
        } else {
            tellClosed(name, error, peer)
        }
    }

    private func tellClosed(_ name: StreamName, _ error: WireError, _ peer: Peer) {
        var data: JSON.Object = [
            "code": .string(error.name.rawValue), "reason": .string(error.message),
        ]
        if let retryAfterMs = error.retryAfterMs { data["retryAfterMs"] = .integer(retryAfterMs) }
        sendText(Wire.Event(stream: name, kind: .closed, data: .object(data)).bytes, to: peer)
    }

    @discardableResult
    private func removeStream(_ name: StreamName, of peer: Peer) -> StreamSeat? {
        guard let seat = peer.streams[name] else { return nil }
        unsubscribe(seat.ground.topics, name, peer)
        peer.streams[name] = nil
        return seat
    }

    /// The peer is gone.
    func closeStreams(of peer: Peer) {
        for seat in peer.streams.values {
            subscriptions.remove(peer, from: seat.ground.topics)
        }
        peer.streams = [:]
        peer.hasWaitingStreams = false
    }

    // MARK: - Heartbeats

    /// Takes what the client has applied.
    ///
    /// - Returns: the last number that was sent, by stream: a client that has less has lost
    ///   something, and opens the stream again with its cursor.
    func acknowledge(_ numbers: JSON.Object, _ peer: Peer) -> JSON.Object {
        for (text, number) in numbers.members {
            guard let name = StreamName(text: text), let number = number.int else { continue }
            peer.streams[name]?.position.acknowledge(number)
        }
        var sent = JSON.Object()
        for (name, seat) in peer.streams where seat.answer == nil {
            sent[name.text] = .integer(seat.position.sent)
        }
        return sent
    }
}

extension StreamName {
    /// Reads `stream`: one that `stream.open` opens.
    fileprivate init(openable params: Params) throws(WireError) {
        let text = try params.text("stream", in: 1...Limits.streamNameCharactersMax)
        guard let name = StreamName(text: text) else {
            throw params.refused("stream", allowed: "inbox, feed, pattern:<pattern id>")
        }
        self = name
    }

    /// The `streams` of `session.open`.
    static func wanted(
        _ params: Params
    ) throws(WireError) -> [(name: StreamName, cursor: Cursor?)] {
        var wanted: [(StreamName, Cursor?)] = []
        let members = try params.optional("streams", params.object)?.members ?? []
        guard members.count <= Limits.streamsPerPeerMax else {
            throw params.refused("streams", allowed: "\(Limits.streamsPerPeerMax) streams")
        }
        for (text, value) in members {
            guard let name = StreamName(text: text) else {
                throw params.refused("streams", allowed: "inbox, feed, pattern:<pattern id>")
            }
            wanted.append((name, try value.object.map { (json) throws(WireError) in
                try Cursor(json)
            }))
        }
        return wanted
    }
}
