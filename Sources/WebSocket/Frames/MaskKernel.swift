/// The transformation of RFC 6455 §5.3: masking and unmasking are the same.
enum MaskKernel {
    /// Appends `source` combined with the key; a key of 0 copies.
    ///
    /// - Parameter key: in the order of memory, turned to the phase of the first byte.
    /// - Returns: whether every byte appended is ASCII, which comes for free here and saves most
    ///   text a second look.
    @inline(__always)
    static func append(_ source: Span<UInt8>, key: UInt32, to target: inout [UInt8]) -> Bool {
        var isASCII = true
        target.append(addingCapacity: source.count) { output in
            // SAFETY: both pointers are used within the closures only, for `source.count` bytes,
            // which is the capacity asked for; all of them are initialised by `combine`.
            unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
                unsafe source.withUnsafeBytes { input in
                    isASCII = unsafe combine(
                        input, into: UnsafeMutableRawBufferPointer(buffer), key: key)
                }
                initializedCount = source.count
            }
        }
        return isASCII
    }

    /// The key for the byte that comes `count` bytes later.
    @inline(__always)
    static func advance(_ key: UInt32, by count: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: (count & 3) * 8)
        let little = key.littleEndian
        return (little &>> bits | little &<< ((32 &- bits) & 31)).littleEndian
    }

    // SAFETY: `output` has at least `input.count` bytes; each access below stays under `count`, and
    // every load and store is of the unaligned kind.
    @unsafe
    private static func combine(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, key: UInt32
    ) -> Bool {
        guard let source = input.baseAddress, let target = output.baseAddress else { return true }
        let count = input.count
        let word = UInt64(key) << 32 | UInt64(key)
        let vector = SIMD4<UInt64>(repeating: word)
        var seenVector = SIMD4<UInt64>(repeating: 0)
        var offset = 0
        while count &- offset >= 32 {
            let bytes =
                unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
                ^ vector
            seenVector |= bytes
            unsafe target.storeBytes(of: bytes, toByteOffset: offset, as: SIMD4<UInt64>.self)
            offset &+= 32
        }
        var seen = seenVector[0] | seenVector[1] | seenVector[2] | seenVector[3]
        while count &- offset >= 8 {
            let bytes =
                unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ word
            seen |= bytes
            unsafe target.storeBytes(of: bytes, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        var rest = key.littleEndian
        while offset < count {
            let byte =
                unsafe source.load(fromByteOffset: offset, as: UInt8.self)
                ^ UInt8(truncatingIfNeeded: rest)
            seen |= UInt64(byte)
            unsafe target.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            rest = rest &>> 8 | rest &<< 24
            offset &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
