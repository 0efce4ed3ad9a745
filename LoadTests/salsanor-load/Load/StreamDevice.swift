import Client
import Model
import Transport
import Wire

/// A socket that follows one stream, and keeps a book of it: resumes with its cursor.
class StreamDevice: ResumingSocket {
    private let stream: StreamName
    private(set) var book = StreamBook()
    private(set) var isLive = false

    init(
        _ stream: StreamName, token: String, number: Int, to endpoint: Endpoint,
        on driver: LoopDriver, loop: ClientLoop, now: Duration
    ) {
        self.stream = stream
        super.init(
            token: token, number: number, to: endpoint, on: driver, loop: loop, now: now)
    }

    /// An event that was not there yet.
    func apply(_ event: Event, now: Duration) {}
    func streamOpened(_ opening: StreamOpening, now: Duration) {}

    override var streams: JSON? { .object([stream.text: book.cursor?.json ?? .null]) }

    override func received(_ event: Event, now: Duration) {
        switch (event.kind, event.span) {
        case (.opened, _):
            guard let opening = StreamOpening(json: event.data) else { return fail("unreadable") }
            book.opened(opening)
            isLive = true
            streamOpened(opening, now: now)
        case (.closed, _): drop()
        case (_, let span?):
            if book.arrived(span) { apply(event, now: now) }
        case (_, nil): break
        }
    }

    override func lost(now: Duration) { isLive = false }
}
