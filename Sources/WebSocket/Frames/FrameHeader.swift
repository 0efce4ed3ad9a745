/// The head of a frame as it came (RFC 6455 §5.2).
struct FrameHeader: Sendable {
    static let bytesMax = 14
    static let controlPayloadBytesMax = 125

    /// RSV1 of the first byte (RFC 7692 §6).
    static let compressedBit: UInt8 = 0x40

    let isFinal: Bool
    /// The message is compressed; on its first frame only.
    let isCompressed: Bool
    let opcode: Opcode
    /// Payload bytes; at most `Int.max`, for the highest bit is refused.
    let length: Int
    /// In the order of memory, so that the kernel can lay it over words; 0 without a mask.
    let maskKey: UInt32
    /// 2...14.
    let headerBytes: Int

    /// Reads the head that begins at `offset`, nil when it has not all arrived.
    ///
    /// - Parameters:
    ///   - fromClient: whether the frame must be masked, else it must not be.
    ///   - reservedBits: those of the first byte that may be set.
    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, at offset: Int, fromClient: Bool, reservedBits: UInt8
    ) throws(ProtocolViolation) -> FrameHeader? {
        let available = bytes.count - offset
        guard available >= 2 else { return nil }
        let first = bytes[offset]
        let second = bytes[offset + 1]
        guard first & 0x70 & ~reservedBits == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
        // RFC 7692 §6: RSV1 is for the first frame of a data message.
        guard first & compressedBit == 0 || opcode == .text || opcode == .binary else {
            throw .reservedBits
        }
        // §5.1: a client masks every frame, a server none.
        guard (second & 0x80 != 0) == fromClient else {
            throw fromClient ? .unmaskedFrame : .maskedFrame
        }
        let isFinal = first & 0x80 != 0
        let shortLength = Int(second & 0x7F)
        if opcode.isControl {
            // §5.5
            guard isFinal else { throw .fragmentedControlFrame }
            guard shortLength <= controlPayloadBytesMax else { throw .controlFrameTooLong }
        }
        let lengthBytes = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8
        let headerBytes = 2 + lengthBytes + (fromClient ? 4 : 0)
        guard available >= headerBytes else { return nil }
        var length = UInt64(shortLength)
        if lengthBytes > 0 {
            length = bigEndian(bytes, at: offset + 2, count: lengthBytes)
            // §5.2: the most significant bit is 0, and the shortest form is used.
            guard length >> 63 == 0 else { throw .lengthTooLarge }
            guard length > (lengthBytes == 2 ? 125 : 65_535) else { throw .nonMinimalLength }
        }
        var key: UInt32 = 0
        if fromClient {
            key = UInt32(bigEndian(bytes, at: offset + headerBytes - 4, count: 4)).bigEndian
        }
        return FrameHeader(
            isFinal: isFinal, isCompressed: first & compressedBit != 0, opcode: opcode,
            length: Int(length), maskKey: key, headerBytes: headerBytes)
    }

    @inline(__always)
    private static func bigEndian(_ bytes: Span<UInt8>, at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<(offset + count) { value = value << 8 | UInt64(bytes[index]) }
        return value
    }
}
