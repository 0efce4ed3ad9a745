extension JSON {
    /// Applies an RFC 7396 merge patch.
    package mutating func merge(_ patch: JSON) {
        guard case .object(let changes) = patch else {
            self = patch
            return
        }
        var target = object ?? JSON.Object()
        // The only reference, so that what does not change is not copied.
        self = .null
        target.merge(changes)
        self = .object(target)
    }
}

extension JSON.Object {
    fileprivate mutating func merge(_ changes: JSON.Object) {
        for (key, change) in changes.members {
            switch change {
            case .null: self[key] = nil
            case .object(let inner): withObject(key) { $0.merge(inner) }
            default: self[key] = change
            }
        }
    }
}
