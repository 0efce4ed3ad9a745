package import Model

/// Somebody in a room, as the others see them. `Protocol/rooms.md#presence`.
package struct Member: Hashable, Sendable {
    /// Given by the server, per join and room.
    package var number: Int64
    package var name: String
    package var role: Role
    /// A pointer to the field or instrument that their hand is on.
    package var touching: String?

    package init(number: Int64, name: String, role: Role, touching: String? = nil) {
        self.number = number
        self.name = name
        self.role = role
        self.touching = touching
    }

    package var json: JSON {
        [
            "member": .integer(number), "name": .string(name), "role": .string(role.rawValue),
            "touching": .orNull(touching),
        ]
    }

    package init?(json: JSON) {
        guard let object = json.object, let number = object["member"]?.int,
            let name = object["name"]?.string, let role = object["role"]?.string.flatMap(Role.init)
        else { return nil }
        self.init(
            number: number, name: name, role: role, touching: object["touching"]?.string)
    }
}

/// The data of a `presence` event: what changed since the last one.
package struct PresenceUpdate: Hashable, Sendable {
    package var count: Int
    package var joined: [Member]
    package var left: [Int64]
    package var touching: [Int64: String?]
    /// `joined` lists everybody: what was known before is void.
    package var isWhole: Bool

    package init(
        count: Int, joined: [Member] = [], left: [Int64] = [],
        touching: [Int64: String?] = [:], isWhole: Bool = false
    ) {
        self.count = count
        self.joined = joined
        self.left = left
        self.touching = touching
        self.isWhole = isWhole
    }

    package var json: JSON {
        var object: JSON.Object = ["count": .integer(Int64(count))]
        if isWhole { object["whole"] = true }
        if !joined.isEmpty { object["joined"] = .array(joined.map(\.json)) }
        if !left.isEmpty { object["left"] = .array(left.map { .integer($0) }) }
        if !touching.isEmpty {
            var touched = JSON.Object()
            for (member, path) in touching.sorted(by: { $0.key < $1.key }) {
                touched["\(member)"] = .orNull(path)
            }
            object["touching"] = .object(touched)
        }
        return .object(object)
    }

    package init?(json: JSON) {
        guard let object = json.object, let count = object["count"]?.int else { return nil }
        self.init(
            count: Int(count),
            joined: (object["joined"]?.array ?? []).compactMap(Member.init(json:)),
            left: (object["left"]?.array ?? []).compactMap(\.int),
            isWhole: object["whole"]?.bool ?? false)
        for (key, path) in object["touching"]?.object?.members ?? [] {
            guard let member = Int64(key) else { return nil }
            touching[member] = .some(path.string)
        }
    }
}
