import Model
import WebSocket

extension Side {
    func connection(
        _ parameters: DeflateParameters, _ configuration: DeflateConfiguration,
        limits: ConnectionLimits = ConnectionLimits()
    ) -> Connection {
        Connection(
            role: role, limits: limits, messageExtension: .deflate(parameters, configuration),
            now: .zero)
    }
}

/// Compresses everything, so that small messages show the rules.
let eager = DeflateConfiguration(messageBytesMin: 0, level: 6)
let takeover = DeflateParameters()
let noTakeover = DeflateParameters(
    serverNoContextTakeover: true, clientNoContextTakeover: true)

/// Words in the order of chance: compressible at every distance.
func words(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    let vocabulary = ["salsa", "clave ", "número ", "🎺", "{\"id\":", "montuno,", "0123456789"]
    var bytes: [UInt8] = []
    while bytes.count < count {
        bytes += vocabulary[Int.random(in: 0..<vocabulary.count, using: &random)].utf8
    }
    return bytes
}

extension Connection {
    /// Feeds the bytes in pieces and takes what happened.
    mutating func events(of bytes: [UInt8], piece: Int = .max) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(piece)
            rest = rest.dropFirst(piece.count)
            receive(piece.span, now: .zero)
            events += takeEvents()
        }
        return events
    }
}

extension [UInt8] {
    /// Where its memory is: arrays that share it were made once.
    var place: UInt {
        // SAFETY: the address is compared, never followed.
        unsafe withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }
}
