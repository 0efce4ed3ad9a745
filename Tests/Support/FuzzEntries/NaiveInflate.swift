/// RFC 1951 bit by bit: the slow twin of what zlib does for a connection.
struct NaiveInflate {
    private enum Stop: Error {
        /// The data cannot be what an encoder made, or ends inside a block.
        case corrupt
        /// What is longer is of no interest.
        case enough
    }

    private let input: [UInt8]
    /// In bits.
    private var place = 0
    /// What came before, and the message.
    private(set) var output: [UInt8]
    private let outputBytesMax: Int

    /// Adds a message's payload, with the four bytes that RFC 7692 §7.2.2 appends, to `history`.
    ///
    /// - Parameter bytesMax: the message is cut behind one byte more.
    /// - Returns: whether the data was whole and right as far as it was read.
    static func append(_ payload: [UInt8], bytesMax: Int, to history: inout [UInt8]) -> Bool {
        var twin = NaiveInflate(
            input: payload + [0x00, 0x00, 0xFF, 0xFF], output: history,
            outputBytesMax: history.count + bytesMax + 1)
        defer { history = twin.output }
        do throws(Stop) {
            try twin.run()
            return true
        } catch {
            return error == .enough
        }
    }

    private init(input: [UInt8], output: [UInt8], outputBytesMax: Int) {
        self.input = input
        self.output = output
        self.outputBytesMax = outputBytesMax
    }

    private mutating func run() throws(Stop) {
        while place < input.count * 8 {
            let isFinal = try bits(1) == 1
            switch try bits(2) {
            case 0: try stored()
            case 1: try compressed(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let (literals, distances) = try codes()
                try compressed(literals, distances)
            default: throw .corrupt
            }
            // RFC 7692 §7.2.3.4: what follows begins at the next byte.
            if isFinal { place = (place + 7) / 8 * 8 }
        }
    }

    private mutating func bits(_ count: Int) throws(Stop) -> Int {
        guard place + count <= input.count * 8 else { throw .corrupt }
        var value = 0
        for index in 0..<count {
            value |= Int(input[place / 8] >> (place % 8) & 1) << index
            place += 1
        }
        return value
    }

    private mutating func put(_ byte: UInt8) throws(Stop) {
        output.append(byte)
        if output.count >= outputBytesMax { throw .enough }
    }

    private mutating func stored() throws(Stop) {
        place = (place + 7) / 8 * 8
        let length = try bits(16)
        guard try bits(16) == ~length & 0xFFFF else { throw .corrupt }
        for _ in 0..<length { try put(UInt8(try bits(8))) }
    }

    // MARK: - Codes

    /// §3.2.2: the symbol of each code, by length and value.
    private struct Code {
        var symbols: [Int: Int] = [:]

        /// - Parameter isSparse: whether a single code of one bit, or none, is allowed.
        init(lengths: [Int], isSparse: Bool) throws(Stop) {
            var next = 0
            for length in 1...15 {
                next <<= 1
                for symbol in lengths.indices where lengths[symbol] == length {
                    symbols[length << 16 | next] = symbol
                    next += 1
                }
                guard next <= 1 << length else { throw .corrupt }
            }
            let isOne = lengths.max() ?? 0 <= 1 && symbols.count <= 1
            guard next == 1 << 15 || isSparse && isOne else { throw .corrupt }
        }
    }

    private mutating func symbol(_ code: Code) throws(Stop) -> Int {
        var value = 0
        for length in 1...15 {
            value = value << 1 | (try bits(1))
            if let symbol = code.symbols[length << 16 | value] { return symbol }
        }
        throw .corrupt
    }

    /// §3.2.7
    private mutating func codes() throws(Stop) -> (Code, Code) {
        let literals = try bits(5) + 257
        let distances = try bits(5) + 1
        let lengthCodes = try bits(4) + 4
        guard literals <= 286, distances <= 30 else { throw .corrupt }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<lengthCodes { lengths[order[index]] = try bits(3) }
        let code = try Code(lengths: lengths, isSparse: false)
        lengths = []
        while lengths.count < literals + distances {
            let symbol = try symbol(code)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw .corrupt }
                lengths += [Int](repeating: last, count: try bits(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try bits(3) + 3)
            case 18: lengths += [Int](repeating: 0, count: try bits(7) + 11)
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literals + distances, lengths[256] > 0 else { throw .corrupt }
        return (
            try Code(lengths: Array(lengths[..<literals]), isSparse: true),
            try Code(lengths: Array(lengths[literals...]), isSparse: true)
        )
    }

    // §3.2.6: of the symbols that may not occur the codes are known, so that they are complete.
    private static let fixedLiterals = try? Code(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 },
        isSparse: false)
    private static let fixedDistances = try? Code(
        lengths: [Int](repeating: 5, count: 32), isSparse: false)

    // MARK: - Blocks

    /// §3.2.5
    private mutating func compressed(_ literals: Code?, _ distances: Code?) throws(Stop) {
        guard let literals, let distances else { throw .corrupt }
        while true {
            let symbol = try symbol(literals)
            switch symbol {
            case ..<256: try put(UInt8(symbol))
            case 256: return
            case 257...285:
                let length = try value(symbol - 257, of: Self.lengths)
                let distanceSymbol = try self.symbol(distances)
                guard distanceSymbol < 30 else { throw .corrupt }
                let distance = try value(distanceSymbol, of: Self.distances)
                guard distance <= output.count else { throw .corrupt }
                for _ in 0..<length { try put(output[output.count - distance]) }
            default: throw .corrupt
            }
        }
    }

    private mutating func value(
        _ index: Int, of table: [(base: Int, extra: Int)]
    ) throws(Stop) -> Int {
        table[index].base + (try bits(table[index].extra))
    }

    /// Each base is the one before and all that its extra bits say.
    private static func table(from base: Int, extras: [Int]) -> [(base: Int, extra: Int)] {
        var base = base
        return extras.map { extra in
            defer { base += 1 << extra }
            return (base, extra)
        }
    }

    private static let lengths =
        table(from: 3, extras: [0, 0, 0, 0] + (0...5).flatMap { [$0, $0, $0, $0] })
        + [(base: 258, extra: 0)]
    private static let distances = table(from: 1, extras: [0, 0] + (0...13).flatMap { [$0, $0] })
}
