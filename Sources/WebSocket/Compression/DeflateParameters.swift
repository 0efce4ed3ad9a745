/// What both sides agreed on for permessage-deflate (RFC 7692 §7.1).
package struct DeflateParameters: Hashable, Sendable {
    /// log2 of the window's bytes. RFC 7692 allows 8 too, which zlib cannot compress with.
    package static let windowBitsRange = 9...15

    /// §7.1.1.1: the server compresses each message by itself.
    package var serverNoContextTakeover: Bool
    /// §7.1.1.2: the client compresses each message by itself.
    package var clientNoContextTakeover: Bool
    private var serverBits: UInt8
    private var clientBits: UInt8

    /// - Parameters:
    ///   - serverMaxWindowBits: of what the server sends, 9...15.
    ///   - clientMaxWindowBits: of what the client sends, 9...15.
    package init(
        serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int = 15, clientMaxWindowBits: Int = 15
    ) {
        precondition(Self.windowBitsRange.contains(serverMaxWindowBits), "9...15")
        precondition(Self.windowBitsRange.contains(clientMaxWindowBits), "9...15")
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        serverBits = UInt8(serverMaxWindowBits)
        clientBits = UInt8(clientMaxWindowBits)
    }

    /// §7.1.2.1
    package var serverMaxWindowBits: Int { Int(serverBits) }
    /// §7.1.2.2
    package var clientMaxWindowBits: Int { Int(clientBits) }
}
