package import Model

/// The `id` of a JSON-RPC request, which its response repeats.
package enum RequestID: Hashable, Sendable {
    case null
    case integer(Int64)
    case string(String)

    package static let bytesMax = 64

    package init?(json: JSON) {
        switch json {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .string(let text) where text.utf8.count <= Self.bytesMax: self = .string(text)
        default: return nil
        }
    }

    package var json: JSON {
        switch self {
        case .null: .null
        case .integer(let number): .integer(number)
        case .string(let text): .string(text)
        }
    }
}
