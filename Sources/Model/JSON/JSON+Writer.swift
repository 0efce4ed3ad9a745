extension JSON {
    /// Appends JSON text to `bytes`, with commas where they belong.
    ///
    /// What opens must be closed, and inside an object each value follows its key; the writer
    /// is for our own code and does not build a tree to check that.
    package struct Writer: Sendable {
        package private(set) var bytes: [UInt8]
        private var needsComma = false
        private var depth = 0

        package init(reservingBytes capacity: Int = 256) {
            bytes = []
            bytes.reserveCapacity(capacity)
        }

        package mutating func beginObject() { open(UInt8(ascii: "{")) }
        package mutating func endObject() { close(UInt8(ascii: "}")) }
        package mutating func beginArray() { open(UInt8(ascii: "[")) }
        package mutating func endArray() { close(UInt8(ascii: "]")) }

        package mutating func key(_ key: String) {
            separate()
            JSONString.write(key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            needsComma = false
        }

        package mutating func null() {
            separate()
            bytes.append(contentsOf: "null".utf8)
        }

        package mutating func value(_ value: Bool) {
            separate()
            bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        }

        package mutating func value(_ value: Int64) {
            separate()
            JSONNumber.write(value, to: &bytes)
        }

        package mutating func value(_ value: Int) {
            self.value(Int64(value))
        }

        /// A finite number.
        package mutating func value(_ value: Double) {
            separate()
            JSONNumber.write(value, to: &bytes)
        }

        package mutating func value(_ value: String) {
            separate()
            JSONString.write(value, to: &bytes)
        }

        package mutating func value(_ value: JSON) {
            switch value {
            case .null: null()
            case .bool(let value): self.value(value)
            case .integer(let value): self.value(value)
            case .number(let value): self.value(value)
            case .string(let value): self.value(value)
            case .array(let elements):
                beginArray()
                for element in elements { self.value(element) }
                endArray()
            case .object(let object):
                beginObject()
                for (key, value) in object.members {
                    self.key(key)
                    self.value(value)
                }
                endObject()
            }
        }

        /// One value that is JSON text already.
        package mutating func raw(_ encoded: [UInt8]) {
            separate()
            bytes.append(contentsOf: encoded)
        }

        private mutating func separate() {
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            needsComma = true
        }

        private mutating func open(_ byte: UInt8) {
            separate()
            bytes.append(byte)
            needsComma = false
            depth += 1
        }

        private mutating func close(_ byte: UInt8) {
            precondition(depth > 0, "nothing is open")
            bytes.append(byte)
            needsComma = true
            depth -= 1
        }
    }

    /// The text of this value, compact, members in their order.
    package func serialised() -> [UInt8] {
        var writer = Writer()
        writer.value(self)
        return writer.bytes
    }
}
