import Glibc
import Testing
import Transport

/// A blocking client in plain system calls, with a bound on each.
final class RawSocket: Sendable {
    private let fd: Int32
    private let host: String

    init(_ address: SocketAddress) throws {
        host = "\(address)"
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = address.port.bigEndian
        name.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let status = unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [fd] in
                unsafe connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(
                fd, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close(fd) }

    /// Opens a WebSocket; gives the head of the answer.
    func upgrade(path: String, _ fields: [String] = []) throws -> String {
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: \(host)", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
            ] + fields + ["", ""]
        write(Array(lines.joined(separator: "\r\n").utf8))
        var head = ""
        while !head.hasSuffix("\r\n\r\n") {
            let byte = read(1)
            try #require(!byte.isEmpty)
            head += String(decoding: byte, as: UTF8.self)
        }
        try #require(head.hasPrefix("HTTP/1.1 101 "))
        return head
    }

    func write(_ bytes: [UInt8]) {
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        #expect(sent == bytes.count)
    }

    /// So many bytes; fewer at the end of the stream or after the time limit.
    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(fd, $0.baseAddress, count, Int32(MSG_WAITALL))
        }
        return Array(bytes.prefix(max(0, got)))
    }

    /// A whole frame of a server, for payloads of less than 64 KiB.
    func readFrame() -> [UInt8] {
        var frame = read(2)
        guard frame.count == 2 else { return frame }
        var count = Int(frame[1])
        if count == 126 {
            frame += read(2)
            count = frame.suffix(2).reduce(0) { $0 << 8 | Int($1) }
        }
        return frame + read(count)
    }

    /// A client's frame, for payloads of less than 64 KiB; the key is 0, which masks nothing.
    static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [first] + length(payload, maskBit: 0x80) + [0, 0, 0, 0] + payload
    }

    /// The same frame from a server.
    static func answer(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [first] + length(payload, maskBit: 0) + payload
    }

    private static func length(_ payload: [UInt8], maskBit: UInt8) -> [UInt8] {
        payload.count < 126
            ? [maskBit | UInt8(payload.count)]
            : [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    }
}
