/// One parser of bytes that somebody else made, with what must hold for every input.
///
/// The tests run the committed corpus through all of them, and `Tests/fuzz` runs each under
/// libFuzzer. A new parser gets a case here, a line in `run`, and a folder in `Tests/Fuzz/corpus`.
package enum FuzzEntry: String, CaseIterable, Sendable {
    /// A connection's worth of requests, and what the handshake answers to them.
    case httpRequest = "http-request"
    /// A connection's worth of answers, and what the client's handshake makes of them.
    case httpResponse = "http-response"
    /// Frames as a server and as a client gets them.
    case framesServer = "frames-server"
    case framesClient = "frames-client"
    /// The payload of compressed messages, and what we send of them.
    case inflate
    /// `Sec-WebSocket-Extensions`, to a server and to a client.
    case extensionHeader = "extension-header"
    /// `Forwarded` and `X-Forwarded-For`.
    case forwarded
    /// One text message, against the standard library's judgement.
    case text
    case json
    /// A message of a client: the envelope and its params.
    case envelope
    /// Edits, a line each, sent to a live room.
    case edit
    /// Messages of a server, a line each, as a client's session gets them.
    case serverEvent = "server-event"
    /// A row of a room's log.
    case logRecord = "log-record"
    /// A stored state, as of a snapshot or of a full replica.
    case document

    /// The whole input, at most; longer ones find nothing that shorter ones do not.
    package var bytesMax: Int {
        switch self {
        case .httpRequest, .httpResponse, .framesServer, .framesClient: 2_048
        case .text: 256
        case .extensionHeader, .forwarded: 512
        case .inflate, .json, .envelope: 1_024
        case .edit, .serverEvent, .logRecord, .document: 4_096
        }
    }

    /// - Throws: which invariant does not hold. A trap is a finding too.
    package func run(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard bytes.count <= bytesMax else { return }
        switch self {
        case .httpRequest: try HTTPEntries.request(bytes)
        case .httpResponse: try HTTPEntries.response(bytes)
        case .framesServer: try FrameEntries.frames(bytes, isServer: true)
        case .framesClient: try FrameEntries.frames(bytes, isServer: false)
        case .inflate: try InflateEntry.inflate(bytes)
        case .extensionHeader: try ExtensionEntry.header(bytes)
        case .forwarded: try ForwardedEntry.lines(bytes)
        case .text: try FrameEntries.text(bytes)
        case .json: try JSONEntries.json(bytes)
        case .envelope: try JSONEntries.envelope(bytes)
        case .edit: try RoomEntries.edit(bytes)
        case .serverEvent: try SessionEntry.serverEvent(bytes)
        case .logRecord: try RoomEntries.logRecord(bytes)
        case .document: try RoomEntries.document(bytes)
        }
    }
}
