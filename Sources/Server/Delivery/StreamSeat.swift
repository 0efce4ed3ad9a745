import Model
import Wire

/// An open stream of one peer.
struct StreamSeat {
    enum Answer: Sendable {
        case reply(Reply)
        /// It was part of `session.open`: an event.
        case event
    }

    let source: any StreamSource
    /// Tells an answer of the disk to this opening from one to an earlier one.
    let serial: UInt64
    /// What the client asked for; nil to go on from now.
    let asked: Cursor?
    /// Nil once it was answered.
    var answer: Answer?
    var ground = StreamGround(topics: [])
    var position: StreamPosition
    /// What is being read may be older than a change of what the stream is made of.
    var isStale = false
    var isGrounding = false

    init(source: any StreamSource, serial: UInt64, asked: Cursor?, answer: Answer) {
        self.source = source
        self.serial = serial
        self.asked = asked
        self.answer = answer
        position = StreamPosition(number: asked?.number ?? 0)
    }

    /// What is to be done with a publication.
    enum Arrival {
        case send
        /// It, or what it stands for, is read once the peer has taken what it was sent.
        case wait
        /// It is not for this reader, was sent before, or comes with a page that is being read.
        case skip
    }

    mutating func arrived(_ publication: Publication, for peer: Peer) -> Arrival {
        guard publication.isForEverybody && ground.blocks.isEmpty
            || publication.isFor(peer.holder?.user, blocks: ground.blocks)
        else { return .skip }
        let arrival =
            if let span = publication.span {
                position.arrived(from: span.from, through: span.through)
            } else {
                position.arrived()
            }
        if arrival == .send { return .send }
        return position.phase == .waiting ? .wait : .skip
    }
}
