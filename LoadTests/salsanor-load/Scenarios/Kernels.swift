import ArgumentParser
import Transport
import WebSocket

/// `salsanor-load kernels`: unmasking and checking of text, beside a plain loop.
struct Kernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "GB/s of unmasking and of checking text, beside a plain loop.",
        discussion: """
            A connection of the engine receives masked messages of 64 KiB: what is measured is \
            all of its work, the copy into the message included. The plain loops unmask, or unmask \
            and check, byte by byte.
            """)

    private static let messageBytes = 65_536
    private static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    func run() throws {
        Output.line("kernels: \(Machine.shape)")
        let ascii = Array("Salsa, merengue and clave. ".utf8)
        let accents = Array("güiro, canción, ρυθμός, 拍子, ".utf8)
        var verdict = Verdict()
        let binary = measure("unmask, binary", ascii, opcode: 0x82) { Self.plainUnmask($0) }
        let text = measure("unmask and check, ASCII", ascii, opcode: 0x81) {
            Self.plainCheck($0)
        }
        measure("unmask and check, other", accents, opcode: 0x81) { Self.plainCheck($0) }
        verdict.require(binary >= 5, "unmasking \(binary.short) GB/s, wanted 5")
        verdict.require(text >= 2, "ASCII text \(text.short) GB/s, wanted 2")
        Output.line(
            verdict.line("\(binary.short) GB/s unmasking, \(text.short) GB/s ASCII text"))
        if verdict.outcome != .good { throw ExitCode(verdict.outcome.exitCode) }
    }

    @discardableResult
    private func measure(
        _ name: String, _ sample: [UInt8], opcode: UInt8, plain: (Span<UInt8>) -> Bool
    ) -> Double {
        var payload: [UInt8] = []
        while payload.count + sample.count <= Self.messageBytes { payload += sample }
        let length = payload.count
        var frame: [UInt8] = [opcode, 0x80 | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        frame += Self.key
        for (index, byte) in payload.enumerated() { frame.append(byte ^ Self.key[index & 3]) }
        var connection = Connection(role: .server, now: .zero)
        let ours = rate(length) {
            connection.receive(frame.span, now: .zero)
            while let event = connection.nextEvent() { connection.recycle(event) }
            return connection.isOpen
        }
        let slow = rate(length) { plain(frame.span.extracting(8...)) }
        Output.line(
            "  \(name.padded(to: 24)) \(ours.text) GB/s, plain loop \(slow.text) GB/s, "
                + "ratio \((ours.median / slow.median).short)")
        return ours.median
    }

    /// GB/s over several stretches.
    private func rate(_ bytes: Int, _ body: () -> Bool) -> Spread {
        let runs = 2_000
        return Spread(
            (0..<7).map { _ in
                let start = EventLoop.now
                var good = 0
                for _ in 0..<runs where body() { good += 1 }
                precondition(good == runs, "the sample is valid")
                return Double(bytes * runs) / ((EventLoop.now - start) / .nanoseconds(1))
            })
    }

    private static func plainUnmask(_ masked: Span<UInt8>) -> Bool {
        unmask(masked).count == masked.count
    }

    private static func unmask(_ masked: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(masked.count)
        for index in masked.indices { bytes.append(masked[index] ^ key[index & 3]) }
        return bytes
    }

    /// RFC 3629 §4, by the letter.
    private static func plainCheck(_ masked: Span<UInt8>) -> Bool {
        let bytes = unmask(masked)
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            let (more, low, high): (Int, UInt8, UInt8)
            switch first {
            case 0x00...0x7F: (more, low, high) = (0, 0x80, 0xBF)
            case 0xC2...0xDF: (more, low, high) = (1, 0x80, 0xBF)
            case 0xE0: (more, low, high) = (2, 0xA0, 0xBF)
            case 0xED: (more, low, high) = (2, 0x80, 0x9F)
            case 0xE1...0xEF: (more, low, high) = (2, 0x80, 0xBF)
            case 0xF0: (more, low, high) = (3, 0x90, 0xBF)
            case 0xF1...0xF3: (more, low, high) = (3, 0x80, 0xBF)
            case 0xF4: (more, low, high) = (3, 0x80, 0x8F)
            default: return false
            }
            guard index + more < bytes.count else { return false }
            if more > 0, !(low...high ~= bytes[index + 1]) { return false }
            for next in 2..<max(2, more + 1) where !(0x80...0xBF ~= bytes[index + next]) {
                return false
            }
            index += more + 1
        }
        return true
    }
}
