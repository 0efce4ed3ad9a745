import Model
package import Wire

/// A refusal as the server words it. `Protocol/wire.md#errors`.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the error, such as `outOfRange`.
    public let code: String
    public let message: String
    /// A JSON pointer: into the document for edits, into the parameters otherwise.
    public let path: String?
    /// What would have been taken.
    public let allowed: String?
    /// The value that stands.
    public let value: Value?
    /// Whether the same request can succeed later, unchanged.
    public let isRetryable: Bool

    package init(_ error: WireError) {
        code = error.name.rawValue
        message = error.message
        path = error.path
        allowed = error.allowed
        value = error.value.flatMap(Value.init(json:))
        isRetryable = error.name.isRetryable
    }

    public var description: String {
        var text = message
        if let allowed { text += "; allowed: \(allowed)" }
        if let value { text += "; it stays \(value)" }
        return text
    }
}
