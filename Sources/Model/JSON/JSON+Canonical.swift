extension JSON {
    /// The canonical text (RFC 8785): equal values give equal bytes on every implementation.
    ///
    /// Numbers are doubles there, so an integer beyond 2^53 is written as the nearest double.
    package func canonical() -> [UInt8] {
        var writer = Writer()
        writer.canonical(self)
        return writer.bytes
    }
}

extension JSON.Writer {
    fileprivate mutating func canonical(_ value: JSON) {
        switch value {
        case .integer(let integer) where integer.magnitude > 1 << 53:
            self.value(Double(integer))
        case .array(let elements):
            beginArray()
            for element in elements { canonical(element) }
            endArray()
        case .object(let object):
            beginObject()
            // RFC 8785 §3.2.3: by UTF-16 code units, which is not the order of scalars.
            let members = object.members.sorted {
                $0.key.utf16.lexicographicallyPrecedes($1.key.utf16)
            }
            for (key, value) in members {
                self.key(key)
                canonical(value)
            }
            endObject()
        case .null, .bool, .integer, .number, .string:
            self.value(value)
        }
    }
}
