extension JSON {
    /// The members of an object in the order they were written, each key once.
    ///
    /// Lookup is linear: the objects of the protocol have a handful of members, and a scan of
    /// those is faster than hashing one key. Equality does not depend on the order.
    package struct Object: Sendable {
        package private(set) var members: [(key: String, value: JSON)]

        package init() {
            members = []
        }

        package var isEmpty: Bool { members.isEmpty }
        package var count: Int { members.count }

        /// The value of `key`; assigning nil removes the member, assigning to a new key appends.
        package subscript(_ key: String) -> JSON? {
            get {
                index(of: key).map { members[$0].value }
            }
            set {
                switch (index(of: key), newValue) {
                case (let index?, let value?): members[index].value = value
                case (let index?, nil): members.remove(at: index)
                case (nil, let value?): members.append((key, value))
                case (nil, nil): break
                }
            }
        }

        /// Changes the object under `key` in place, an empty one if there is none. What stands
        /// there is taken out first: with two references, each level would be copied.
        package mutating func withObject(_ key: String, _ change: (inout Object) -> Void) {
            guard let index = index(of: key) else {
                var inner = Object()
                change(&inner)
                members.append((key, .object(inner)))
                return
            }
            var inner = members[index].value.object ?? Object()
            members[index].value = .null
            change(&inner)
            members[index].value = .object(inner)
        }

        /// A literal that names a key twice is a mistake of ours.
        init(unique members: [(String, JSON)]) {
            self.init()
            self.members.reserveCapacity(members.count)
            for (key, value) in members {
                precondition(index(of: key) == nil, "the key \(key) is written twice")
                self.members.append((key, value))
            }
        }

        func index(of key: String) -> Int? {
            let wanted = ExactString(key)
            return members.firstIndex { ExactString($0.key) == wanted }
        }

        /// For the parser, which has looked for duplicates already.
        mutating func append(new key: String, _ value: JSON) {
            if members.isEmpty { members.reserveCapacity(Self.usualCount) }
            members.append((key, value))
        }

        /// Room for the members of most objects of the protocol in one allocation.
        private static let usualCount = 6
        /// Above this many members hashing wins over scanning, and a peer chooses the number.
        static let scannedMembersMax = 16
    }
}

// MARK: - Hashable

extension JSON.Object: Hashable {
    package static func == (a: JSON.Object, b: JSON.Object) -> Bool {
        guard a.count == b.count else { return false }
        if a.count > scannedMembersMax {
            let values = Dictionary(
                b.members.lazy.map { (ExactString($0.key), $0.value) }, uniquingKeysWith: { $1 })
            return a.members.allSatisfy { values[ExactString($0.key)] == $0.value }
        }
        return a.members.allSatisfy { b[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        // A sum does not depend on the order.
        var sum = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
    }
}
