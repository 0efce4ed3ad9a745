/// An input and what it says about its own use: the last bytes choose, so that the rest reads as
/// what the parser gets, and a corpus file can be written by hand.
struct FuzzInput {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func choice() -> Int {
        bytes.popLast().map { Int($0) } ?? 0
    }

    /// The bytes in two pieces and more: cut at a chosen place, the rest in pieces of a size.
    static func pieces(_ bytes: ArraySlice<UInt8>, cut: Int, size: Int) -> [ArraySlice<UInt8>] {
        var pieces = [bytes.prefix(cut)]
        var rest = bytes.dropFirst(cut)
        while !rest.isEmpty {
            pieces.append(rest.prefix(max(1, size)))
            rest = rest.dropFirst(max(1, size))
        }
        return pieces
    }

    /// The lines, without their ends.
    var lines: [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}
