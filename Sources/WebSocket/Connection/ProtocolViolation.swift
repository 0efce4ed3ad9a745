/// How a peer broke RFC 6455, RFC 7692 or one of our limits.
package enum ProtocolViolation: Error, Hashable, Sendable, CaseIterable {
    case unmaskedFrame
    case maskedFrame
    case reservedBits
    case reservedOpcode
    case nonMinimalLength
    case lengthTooLarge
    case controlFrameTooLong
    case fragmentedControlFrame
    case unexpectedContinuation
    case expectedContinuation
    case frameTooBig
    case messageTooBig
    case tooManyFragments
    case invalidUTF8
    /// Compressed data that no deflate encoder makes.
    case invalidDeflate
    case truncatedCloseCode
    case invalidCloseCode
    case invalidCloseReason

    /// RFC 6455 §7.4.1.
    package var closeCode: CloseCode {
        switch self {
        case .invalidUTF8, .invalidCloseReason, .invalidDeflate: .invalidPayload
        case .frameTooBig, .messageTooBig, .tooManyFragments: .messageTooBig
        case .unmaskedFrame, .maskedFrame, .reservedBits, .reservedOpcode, .nonMinimalLength,
            .lengthTooLarge, .controlFrameTooLong, .fragmentedControlFrame,
            .unexpectedContinuation, .expectedContinuation, .truncatedCloseCode,
            .invalidCloseCode:
            .protocolError
        }
    }

    /// The section of RFC 6455 that was broken, or that lets us have the limit; for
    /// `.invalidDeflate` of RFC 7692.
    package var section: String {
        switch self {
        case .unmaskedFrame, .maskedFrame: "5.1"
        case .reservedBits, .reservedOpcode, .nonMinimalLength, .lengthTooLarge: "5.2"
        case .unexpectedContinuation, .expectedContinuation: "5.4"
        case .controlFrameTooLong, .fragmentedControlFrame: "5.5"
        case .truncatedCloseCode, .invalidCloseReason: "5.5.1"
        case .invalidCloseCode: "7.4"
        case .invalidUTF8: "8.1"
        case .invalidDeflate: "7.2.2"
        case .frameTooBig, .messageTooBig, .tooManyFragments: "10.4"
        }
    }

    /// For the Close frame: at most 123 bytes.
    package var reason: String {
        switch self {
        case .unmaskedFrame: "a client masks its frames"
        case .maskedFrame: "a server does not mask its frames"
        case .reservedBits: "reserved bits are set without a meaning"
        case .reservedOpcode: "reserved opcode"
        case .nonMinimalLength: "payload length is not in its shortest form"
        case .lengthTooLarge: "payload length has its highest bit set"
        case .controlFrameTooLong: "control frame longer than 125 bytes"
        case .fragmentedControlFrame: "control frame is fragmented"
        case .unexpectedContinuation: "continuation without a message"
        case .expectedContinuation: "new message inside a fragmented one"
        case .frameTooBig: "frame too big"
        case .messageTooBig: "message too big"
        case .tooManyFragments: "too many fragments"
        case .invalidUTF8: "text is not UTF-8"
        case .invalidDeflate: "compressed data is corrupt"
        case .truncatedCloseCode: "close code is one byte"
        case .invalidCloseCode: "close code not allowed on the wire"
        case .invalidCloseReason: "close reason is not UTF-8"
        }
    }
}
