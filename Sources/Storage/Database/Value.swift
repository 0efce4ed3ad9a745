package import Model

/// What a column holds, or a parameter: the five kinds that SQLite and PostgreSQL share.
///
/// Booleans are the integers 0 and 1, moments are integer milliseconds since 1970 (UTC),
/// identifiers are 16-byte blobs.
package enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension Value {
    package static func identifier(_ id: Identifier) -> Value { .blob(id.bytes) }

    package static func identifier(_ id: Identifier?) -> Value {
        id.map { .blob($0.bytes) } ?? .null
    }

    package static func boolean(_ flag: Bool) -> Value { .integer(flag ? 1 : 0) }

    package static func integer(_ number: Int64?) -> Value { number.map { .integer($0) } ?? .null }

    package static func text(_ string: String?) -> Value { string.map { .text($0) } ?? .null }

    package static func blob(_ bytes: [UInt8]?) -> Value { bytes.map { .blob($0) } ?? .null }

    /// 64 unsigned bits kept as the signed integer of the same bits: equality survives, order
    /// above 2^63 does not, so no statement compares such a column by order.
    package static func bits(_ number: UInt64) -> Value { .integer(Int64(bitPattern: number)) }
}
