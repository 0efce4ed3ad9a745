/// permessage-deflate on one connection (RFC 7692 §7.2).
///
/// Memory, with w the window bits and m the memory level: a side that takes its context over keeps
/// zlib's `(1 << (w + 2)) + (1 << (m + 9))` bytes and 8 KiB to compress (152 KiB for 15 and 5,
/// 14 KiB for 9 and 3), and `1 << w` bytes and 12 KiB to decompress (44 KiB for 15), each from the
/// first compressed message on until the connection ends. Without takeover it keeps nothing between
/// messages; a message that has begun to arrive holds a decompressor of 44 KiB.
struct MessageCodec: Sendable {
    /// Output memory that a connection's own compressor keeps.
    private static let keptBytesMax = 2_048

    private let configuration: DeflateConfiguration
    private let inboundBits: UInt8
    private let outboundBits: UInt8
    private let keepsInbound: Bool
    private let keepsOutbound: Bool

    /// Within a message, or for good with context takeover.
    private var inflater: Inflater?
    /// With context takeover only.
    private var deflater: Deflater?

    /// nil when nothing was negotiated.
    init?(_ messageExtension: MessageExtension, isServer: Bool) {
        guard case .deflate(let parameters, let configuration) = messageExtension else {
            return nil
        }
        self.configuration = configuration
        let server = UInt8(parameters.serverMaxWindowBits)
        let client = UInt8(parameters.clientMaxWindowBits)
        inboundBits = isServer ? client : server
        outboundBits = isServer ? server : client
        let keepsServer = !parameters.serverNoContextTakeover
        let keepsClient = !parameters.clientNoContextTakeover
        keepsInbound = isServer ? keepsClient : keepsServer
        keepsOutbound = isServer ? keepsServer : keepsClient
    }

    /// Adds what a piece of a compressed message's payload inflates to; see `Inflater.inflate`.
    mutating func inflate(
        _ payload: Span<UInt8>, key: UInt32, bytesMax: Int, into message: inout [UInt8],
        validator: inout UTF8Validator, isText: Bool
    ) throws(ProtocolViolation) {
        let inflater = currentInflater()
        try inflater.inflate(
            payload, key: key, bytesMax: bytesMax, into: &message, validator: &validator,
            isText: isText)
    }

    /// The message's last payload is here. Without any the message is empty: strictly it would be
    /// one byte 0 (§7.2.3.6), but encoders that send nothing are common.
    mutating func finishInflating(
        bytesMax: Int, into message: inout [UInt8], validator: inout UTF8Validator, isText: Bool,
        hadPayload: Bool
    ) throws(ProtocolViolation) {
        guard hadPayload else { return }
        let inflater = currentInflater()
        try inflater.finish(
            bytesMax: bytesMax, into: &message, validator: &validator, isText: isText)
        if !keepsInbound {
            self.inflater = nil
            configuration.pool.put(inflater)
        }
    }

    private mutating func currentInflater() -> Inflater {
        if let inflater { return inflater }
        let fresh =
            keepsInbound
            ? Inflater(windowBits: Int(inboundBits)) : configuration.pool.takeInflater()
        inflater = fresh
        return fresh
    }

    func wantsToCompress(payloadBytes: Int) -> Bool {
        payloadBytes >= configuration.messageBytesMin
    }

    /// Compresses a message and hands the payload to `body`, unless it is no shorter.
    ///
    /// - Parameter body: queues the payload.
    /// - Returns: nil when the message is better sent as it is.
    mutating func compress(
        _ message: Span<UInt8>, _ body: (Span<UInt8>) -> SendOutcome
    ) -> SendOutcome? {
        guard keepsOutbound else {
            let deflater = configuration.takeDeflater(
                windowBits: Int(outboundBits), payloadBytes: message.count)
            defer { configuration.pool.put(deflater) }
            return deflater.compress(message) { $0.count < message.count ? body($0) : nil }
        }
        let deflater =
            deflater
            ?? Deflater(
                windowBits: Int(outboundBits), level: configuration.level,
                memoryLevel: configuration.memoryLevel, keptBytesMax: Self.keptBytesMax)
        self.deflater = deflater
        // Sent even when it is longer, by a few bytes: the peer's window must follow ours.
        let outcome = deflater.compress(message, body)
        if outcome != .queued { deflater.reset() }
        return outcome
    }

    /// The compressed frame of a shared message, when the peer's window can hold it.
    mutating func frame(of message: SharedMessage) -> [UInt8]? {
        guard wantsToCompress(payloadBytes: message.payloadBytes),
            let compressed = message.compressed(with: configuration),
            compressed.windowBits <= Int(outboundBits)
                || message.payloadBytes <= 1 << Int(outboundBits)
        else { return nil }
        // The peer's window has now what ours has not.
        forgetOutbound()
        return compressed.frame
    }

    /// Refers to nothing that was compressed before: the peer's window may not have it.
    func forgetOutbound() {
        deflater?.reset()
    }
}
