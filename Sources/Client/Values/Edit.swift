import Model
import Replica

/// What one edit asks for; it is taken or refused whole. Values are absolute.
///
/// Places are JSON pointers into the document (`Protocol/merge.md#fields`):
///
///     var edit = Edit()
///     edit.set("/machines/Salsa/bpm", to: 190)
///     edit.set("/machines/Salsa/instruments/cowbell/volume", to: 0.6)
public struct Edit: Hashable, Sendable {
    private var sets: [String: Value] = [:]
    private var adds: [String] = []
    private var removes: [String] = []

    public init() {}

    /// One field.
    public init(set pointer: String, to value: Value) {
        sets[pointer] = value
    }

    public mutating func set(_ pointer: String, to value: Value) {
        sets[pointer] = value
    }

    /// Brings an instrument into its machine: `/machines/<flavor>/instruments/<id>`.
    public mutating func add(_ pointer: String) {
        adds.append(pointer)
    }

    /// Takes an instrument out of its machine; edits of it made meanwhile by others keep it.
    public mutating func remove(_ pointer: String) {
        removes.append(pointer)
    }

    /// The pointer to an instrument.
    public static func instrument(_ id: String, in flavor: String) -> String {
        "/machines/\(flavor)/instruments/\(id)"
    }

    /// Nil when a value is not finite.
    var content: EditContent? {
        var set = JSON.Object()
        for (pointer, value) in sets.sorted(by: { $0.key < $1.key }) {
            guard let json = value.json else { return nil }
            set[pointer] = json
        }
        return EditContent(set: set, add: adds, remove: removes)
    }
}
