/// The message that grows, and its rules.
struct InflateTarget {
    private static let stepBytes = 512

    var bytes: [UInt8]
    let bytesMax: Int
    var validator: UTF8Validator
    let isText: Bool

    /// Room for the next step: at least one byte more than is allowed, so that too much shows.
    mutating func makeRoom() -> Int {
        if bytes.capacity - bytes.count < Self.stepBytes {
            let wanted = max(bytes.count * 2, bytes.count + Self.stepBytes)
            bytes.reserveCapacity(min(wanted, bytesMax + 1))
        }
        return min(bytes.capacity, bytesMax + 1) - bytes.count
    }

    /// Of two faults in the output the one that stands first is told, however the input was cut.
    mutating func check(from start: Int) throws(ProtocolViolation) {
        let end = min(bytes.count, bytesMax)
        if isText, start < end {
            var validator = validator
            let isValid = validator.consume(bytes.span.extracting(start..<end))
            self.validator = validator
            guard isValid else { throw .invalidUTF8 }
        }
        guard bytes.count <= bytesMax else { throw .messageTooBig }
    }
}
