import HTTP
import Testing
import WebSocket

/// The parsers of both sides of a handshake.
protocol HeadParser {
    associatedtype Message

    mutating func receive(_ bytes: Span<UInt8>)
    mutating func next() throws(ParseError) -> Message?
    mutating func takeUnconsumed() -> [UInt8]
}

extension RequestParser: HeadParser {}
extension ResponseParser: HeadParser {}

/// Cuts a head with a frame right behind it at every byte: each time it is accepted, and the frame
/// read.
func expectEveryCut<Parser: HeadParser>(
    _ fresh: Parser, _ side: Side, _ head: [UInt8], accepts: (Parser.Message) throws -> Bool
) throws {
    let bytes = head + side.incoming(0x81, "Hello".bytes)
    for cut in 0...bytes.count {
        var parser = fresh
        let early = bytes[..<cut]
        parser.receive(early.span)
        var message = try parser.next()
        var late = Array(bytes[cut...])
        if message == nil {
            parser.receive(late.span)
            late = []
            message = try parser.next()
        }
        #expect(try accepts(try #require(message)), "cut \(cut)")
        var connection = side.connection()
        connection.receive(parser.takeUnconsumed())
        connection.receive(late)
        #expect(connection.takeEvents() == [.text("Hello".bytes)], "cut \(cut)")
    }
}
