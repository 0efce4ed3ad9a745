extension JSON {
    /// What `type` makes of this value. Members that it does not ask for are passed over, numbers
    /// are taken only where they are exact, and nothing is converted.
    /// - Throws: `DecodingError`, whose path names the member.
    package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try Value(from: Node(json: self, codingPath: []))
    }

    /// A place in a value, for `Decodable`. The generic functions of the containers are witnesses
    /// of all the requirements that name a type.
    fileprivate struct Node: Decoder, SingleValueDecodingContainer {
        let json: JSON
        let codingPath: [any CodingKey]
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func singleValueContainer() -> any SingleValueDecodingContainer { self }

        func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
            guard let elements = json.array else { throw mismatch([JSON].self, "an array") }
            return Elements(elements: elements, codingPath: codingPath)
        }

        func container<Key: CodingKey>(
            keyedBy type: Key.Type
        ) throws -> KeyedDecodingContainer<Key> {
            guard let object = json.object else { throw mismatch(JSON.Object.self, "an object") }
            return KeyedDecodingContainer(Members<Key>(object: object, codingPath: codingPath))
        }

        func decodeNil() -> Bool { json.isNull }

        func decode(_ type: Bool.Type) throws -> Bool {
            guard let value = json.bool else { throw mismatch(type, "a boolean") }
            return value
        }

        func decode(_ type: String.Type) throws -> String {
            guard let value = json.string else { throw mismatch(type, "a text") }
            return value
        }

        func decode(_ type: Double.Type) throws -> Double {
            guard let value = json.double else { throw mismatch(type, "a number") }
            return value
        }

        func decode(_ type: Float.Type) throws -> Float {
            guard let value = json.double.flatMap({ Float(exactly: $0) }) else {
                throw mismatch(type, "a number")
            }
            return value
        }

        func decode<Integer: FixedWidthInteger & Decodable>(
            _ type: Integer.Type
        ) throws -> Integer {
            guard let value = json.int.flatMap({ Integer(exactly: $0) }) else {
                throw mismatch(type, "a whole number in its range")
            }
            return value
        }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try Value(from: self)
        }

        private func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
            .typeMismatch(
                type, .init(codingPath: codingPath, debugDescription: "\(expected) is expected"))
        }
    }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let object: JSON.Object
        let codingPath: [any CodingKey]

        var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.key) } }

        func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try node(key).json.isNull }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try Value(from: node(key))
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try node(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try node(key).unkeyedContainer()
        }

        func superDecoder() -> any Decoder {
            Node(json: .object(object), codingPath: codingPath)
        }

        func superDecoder(forKey key: Key) throws -> any Decoder { try node(key) }

        private func node(_ key: some CodingKey) throws -> Node {
            guard let value = object[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: codingPath, debugDescription: "it is missing"))
            }
            return Node(json: value, codingPath: codingPath + [key])
        }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let elements: [JSON]
        let codingPath: [any CodingKey]
        private(set) var currentIndex = 0

        init(elements: [JSON], codingPath: [any CodingKey]) {
            self.elements = elements
            self.codingPath = codingPath
        }

        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex == elements.count }

        /// RFC 8259 arrays count from 0, and so do the paths.
        private struct Index: CodingKey {
            let intValue: Int?
            var stringValue: String { "\(intValue ?? 0)" }
            init(intValue: Int) { self.intValue = intValue }
            init?(stringValue: String) { nil }
        }

        /// `Decodable` counts an element only when it could be read.
        private func node() throws -> Node {
            let path = codingPath + [Index(intValue: currentIndex)]
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    JSON.self, .init(codingPath: path, debugDescription: "the array has ended"))
            }
            return Node(json: elements[currentIndex], codingPath: path)
        }

        mutating func decodeNil() throws -> Bool {
            guard try node().json.isNull else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let value = try Value(from: node())
            currentIndex += 1
            return value
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            let container = try node().container(keyedBy: type)
            currentIndex += 1
            return container
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            let container = try node().unkeyedContainer()
            currentIndex += 1
            return container
        }

        mutating func superDecoder() throws -> any Decoder {
            let node = try node()
            currentIndex += 1
            return node
        }
    }
}

extension JSON: Decodable {
    /// A part of a value that is decoded, as it stands.
    /// - Throws: `DecodingError` for a decoder of anything else.
    package init(from decoder: any Decoder) throws {
        guard let node = decoder as? Node else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no part of a JSON value"))
        }
        self = node.json
    }
}
