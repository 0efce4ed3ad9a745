/// Encodes frames (RFC 6455 §5.2), always in one piece: FIN set, shortest length.
package enum Frame {
    /// A server's text frame, for `Connection.enqueue(frame:)` on any number of connections.
    ///
    /// - Parameter text: valid UTF-8.
    package static func encode(text: [UInt8]) -> [UInt8] {
        assert(UTF8Validator.isValid(text.span), "a text message is UTF-8")
        return encode(.text, text.span)
    }

    /// A server's binary frame, for `Connection.enqueue(frame:)` on any number of connections.
    package static func encode(binary: [UInt8]) -> [UInt8] {
        encode(.binary, binary.span)
    }

    private static func encode(_ opcode: Opcode, _ payload: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount(payload: payload.count, isMasked: false))
        append(opcode, payload, maskKey: nil, to: &bytes)
        return bytes
    }

    static func byteCount(payload: Int, isMasked: Bool) -> Int {
        let header = payload < 126 ? 2 : payload <= 65_535 ? 4 : 10
        return header + (isMasked ? 4 : 0) + payload
    }

    /// - Parameter maskKey: in the order of memory; nil for a server's frame.
    @inline(__always)
    static func append(
        _ opcode: Opcode, _ payload: Span<UInt8>, isCompressed: Bool = false, maskKey: UInt32?,
        to bytes: inout [UInt8]
    ) {
        appendHeader(
            opcode, payloadBytes: payload.count, isCompressed: isCompressed, maskKey: maskKey,
            to: &bytes)
        _ = MaskKernel.append(payload, key: maskKey ?? 0, to: &bytes)
    }

    @inline(__always)
    static func appendHeader(
        _ opcode: Opcode, payloadBytes: Int, isCompressed: Bool, maskKey: UInt32?,
        to bytes: inout [UInt8]
    ) {
        let headerBytes = byteCount(payload: payloadBytes, isMasked: maskKey != nil) - payloadBytes
        bytes.append(addingCapacity: headerBytes) { output in
            let compressedBit = isCompressed ? FrameHeader.compressedBit : 0
            output.append(0x80 | compressedBit | opcode.rawValue)
            let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
            if payloadBytes < 126 {
                output.append(maskBit | UInt8(truncatingIfNeeded: payloadBytes))
            } else if payloadBytes <= 65_535 {
                output.append(maskBit | 126)
                output.append(UInt8(truncatingIfNeeded: payloadBytes >> 8))
                output.append(UInt8(truncatingIfNeeded: payloadBytes))
            } else {
                output.append(maskBit | 127)
                for shift in stride(from: 56, through: 0, by: -8) {
                    output.append(UInt8(truncatingIfNeeded: payloadBytes >> shift))
                }
            }
            if let maskKey {
                let key = maskKey.littleEndian
                output.append(UInt8(truncatingIfNeeded: key))
                output.append(UInt8(truncatingIfNeeded: key >> 8))
                output.append(UInt8(truncatingIfNeeded: key >> 16))
                output.append(UInt8(truncatingIfNeeded: key >> 24))
            }
        }
    }
}
