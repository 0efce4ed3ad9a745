/// The compressor's side of a stream, and its output.
struct DeflateState: ~Copyable {
    private static let stepBytesMax = 16_384
    /// More than the flush needs at the end: zlib.h, `deflate`, wants more than 6.
    private static let stepBytesMin = 64

    private let stream: ZStream
    private(set) var output: [UInt8] = []
    private let keptBytesMax: Int

    /// - Parameter keptBytesMax: output memory that stays for the next message.
    init(windowBits: Int, level: Int, memoryLevel: Int, keptBytesMax: Int) {
        stream = ZStream(deflatingWith: windowBits, level: level, memoryLevel: memoryLevel)
        self.keptBytesMax = keptBytesMax
    }

    func reset() { stream.reset() }

    /// Fills `output`.
    mutating func compress(_ message: Span<UInt8>) {
        output.removeAll(keepingCapacity: true)
        // §7.2.3.6: an empty message is an empty block without compression.
        guard !message.isEmpty else { return output.append(0) }
        // Mostly enough for all.
        var room = min(Self.stepBytesMax, message.count + Self.stepBytesMin)
        var taken = 0
        var isFull = true
        while isFull {
            room = max(room, output.capacity - output.count)
            let before = output.count
            taken += stream.step(message.extracting(taken...), room: room, into: &output).taken
            isFull = output.count - before == room
        }
        // §7.2.1: the four bytes that every flush ends with are not sent.
        output.removeLast(4)
    }

    mutating func trim() {
        if output.capacity > keptBytesMax { output = [] }
    }
}
