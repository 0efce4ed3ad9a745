/// Masking keys of a client, which nobody who sees some can foresee others of (RFC 6455 §5.3,
/// §10.3): the key stream of ChaCha20 (RFC 8439 §2.3) under a seed that the caller takes from the
/// system.
struct MaskKeys: Sendable {
    private static let constants = SIMD4<UInt32>(
        0x6170_7865, 0x3320_646E, 0x7962_2D32, 0x6B20_6574)
    private static let keysPerBlock = 16

    private let seed: [SIMD4<UInt32>]
    private var block: [SIMD4<UInt32>]
    private var blocks: UInt64 = 0
    /// Of `block`.
    private var taken = keysPerBlock

    init(seed: SIMD8<UInt32>) {
        self.seed = [seed.lowHalf, seed.highHalf]
        block = [SIMD4<UInt32>](repeating: .zero, count: 4)
    }

    mutating func next() -> UInt32 {
        if taken == Self.keysPerBlock { nextBlock() }
        defer { taken += 1 }
        return block[taken / 4][taken % 4]
    }

    private mutating func nextBlock() {
        // A counter of 64 bits and a nonce of 0: the seed serves one connection.
        let counter = SIMD4<UInt32>(
            UInt32(truncatingIfNeeded: blocks), UInt32(truncatingIfNeeded: blocks >> 32), 0, 0)
        var (a, b, c, d) = (Self.constants, seed[0], seed[1], counter)
        for _ in 0..<10 {
            Self.quarterRounds(&a, &b, &c, &d)
            (b, c, d) = (Self.turn(b, 1), Self.turn(c, 2), Self.turn(d, 3))
            Self.quarterRounds(&a, &b, &c, &d)
            (b, c, d) = (Self.turn(b, 3), Self.turn(c, 2), Self.turn(d, 1))
        }
        block[0] = a &+ Self.constants
        block[1] = b &+ seed[0]
        block[2] = c &+ seed[1]
        block[3] = d &+ counter
        blocks += 1
        taken = 0
    }

    /// RFC 8439 §2.1, on four columns or diagonals at once.
    @inline(__always)
    private static func quarterRounds(
        _ a: inout SIMD4<UInt32>, _ b: inout SIMD4<UInt32>, _ c: inout SIMD4<UInt32>,
        _ d: inout SIMD4<UInt32>
    ) {
        a &+= b
        d = rotate(d ^ a, 16)
        c &+= d
        b = rotate(b ^ c, 12)
        a &+= b
        d = rotate(d ^ a, 8)
        c &+= d
        b = rotate(b ^ c, 7)
    }

    @inline(__always)
    private static func rotate(_ row: SIMD4<UInt32>, _ bits: UInt32) -> SIMD4<UInt32> {
        row &<< SIMD4(repeating: bits) | row &>> SIMD4(repeating: 32 &- bits)
    }

    @inline(__always)
    private static func turn(_ row: SIMD4<UInt32>, _ by: Int) -> SIMD4<UInt32> {
        SIMD4(row[by & 3], row[(by + 1) & 3], row[(by + 2) & 3], row[(by + 3) & 3])
    }
}
