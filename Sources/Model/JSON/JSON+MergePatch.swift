extension JSON {
    /// Applies an RFC 7396 merge patch.
    package mutating func merge(_ patch: JSON) {
        guard case .object(let changes) = patch else {
            self = patch
            return
        }
        var target = object ?? JSON.Object()
        for (key, change) in changes.members {
            if change.isNull {
                target[key] = nil
            } else if case .object = change {
                var inner = target[key] ?? .object([:])
                inner.merge(change)
                target[key] = inner
            } else {
                target[key] = change
            }
        }
        self = .object(target)
    }
}
