import Model

/// What may stand in the params of a call.
protocol Param {
    /// Nil when the member is to be left out.
    var param: JSON? { get }
}

extension JSON: Param {
    var param: JSON? { self }
}

extension String: Param {
    var param: JSON? { .string(self) }
}

extension Bool: Param {
    var param: JSON? { .bool(self) }
}

extension Int: Param {
    var param: JSON? { .integer(Int64(self)) }
}

extension Int64: Param {
    var param: JSON? { .integer(self) }
}

extension Double: Param {
    /// JSON has no NaN; the server says of null what is allowed.
    var param: JSON? { isFinite ? JSON(self) : .null }
}

extension Optional: Param where Wrapped: Param {
    var param: JSON? { self?.param }
}

/// A change of something that may be absent.
public enum Change<Value: Sendable>: Sendable {
    case keep
    case set(Value)
    case remove
}

extension Change: Param where Value: Param {
    var param: JSON? {
        switch self {
        case .keep: nil
        case .set(let value): value.param
        case .remove: .null
        }
    }
}

extension JSON.Object {
    init(_ params: KeyValuePairs<String, any Param>) {
        self.init()
        for (name, value) in params { self[name] = value.param }
    }
}
