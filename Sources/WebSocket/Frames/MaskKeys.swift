/// Masking keys of a client: SplitMix64 over a seed that the caller takes from the system.
///
/// RFC 6455 §10.3 wants keys that the sender's own application cannot foresee. The upper half of
/// each output goes onto the wire, the state never does.
struct MaskKeys: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt32 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: (mixed ^ mixed >> 31) >> 32)
    }
}
