/// Frames as a peer writes them (RFC 6455 §5.2), whatever they say.
enum PeerFrame {
    private static let maskKey: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// - Parameters:
    ///   - first: FIN, the reserved bits and the opcode.
    ///   - payload: at most 65,535 bytes.
    ///   - isMasked: as a client's are.
    static func bytes(first: UInt8, _ payload: ArraySlice<UInt8>, isMasked: Bool) -> [UInt8] {
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        var bytes = [first]
        if payload.count < 126 {
            bytes.append(maskBit | UInt8(payload.count))
        } else {
            bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        guard isMasked else { return bytes + payload }
        bytes += maskKey
        bytes += payload.enumerated().map { $1 ^ maskKey[$0 % 4] }
        return bytes
    }
}
