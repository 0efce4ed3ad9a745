/// The extension negotiated for a connection (RFC 6455 §9).
package enum MessageExtension: Hashable, Sendable {
    case none
    /// permessage-deflate (RFC 7692).
    case deflate(DeflateParameters, DeflateConfiguration)

    /// The reserved bits that the first byte of a message may have set (RFC 6455 §5.2).
    var reservedBits: UInt8 {
        switch self {
        case .none: 0
        case .deflate: FrameHeader.compressedBit
        }
    }
}
