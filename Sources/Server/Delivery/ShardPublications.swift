import Model
import WebSocket
import Wire

/// From what was committed to those who hear of it.
extension Shard {
    /// Hands what a commit has to say to streams to all shards. Called on the journal's queue, in
    /// the order of the commits, so that each shard gets everything in that order.
    static func publish(_ effects: [Effect], to shards: [Shard]) {
        let news = effects.compactMap(StreamNews.init)
        guard !news.isEmpty else { return }
        for shard in shards {
            shard.post { shard in
                for piece in news { shard.receive(piece) }
            }
        }
    }

    private func receive(_ news: StreamNews) {
        switch news {
        case .publication(let publication): deliver(publication)
        case .changed(let topic): lookAgain(atStreamsOf: topic)
        case .counters(let pattern): countersChanged(of: pattern)
        }
    }

    /// Encoded and framed once for all peers of this shard.
    func deliver(_ publication: Publication) {
        guard let stream = publication.topic.stream,
            let peers = subscriptions[publication.topic]
        else { return }
        let message = SharedMessage(text: publication.bytes(in: stream))
        for peer in peers {
            guard let index = peer.streams.index(forKey: stream) else { continue }
            // In its place: there may be thousands of peers, and a copy of a seat is dear.
            switch peer.streams.values[index].arrived(publication, for: peer) {
            case .send: enqueue(message, to: peer)
            case .wait:
                peer.hasWaitingStreams = true
                markDirty(peer)
            case .skip: break
            }
        }
    }
}

/// What effects mean for streams.
private enum StreamNews: Sendable {
    case publication(Publication)
    case changed(StreamTopic)
    case counters(Identifier)

    init?(_ effect: Effect) {
        switch effect {
        case .publish(let publication): self = .publication(publication)
        case .countersChanged(let pattern): self = .counters(pattern)
        case .relationsChanged(let user): self = .changed(.relations(user))
        case .accessChanged(let pattern): self = .changed(.pattern(pattern))
        case .ownerChanged(let user): self = .changed(.owner(user))
        case .sessionsEnded, .renamed, .mailQueued, .inboxesLeft: return nil
        }
    }
}
