/// The value of one field of a pattern.
///
/// A volume is kept in hundredths: a sum of binary fractions would differ between machines, an
/// integer cannot.
package enum Scalar: Hashable, Sendable {
    case bool(Bool)
    case integer(Int64)
    /// 0...100 for 0 to 1.
    case hundredths(Int64)
    case number(Double)
    case text(String)

    /// What a client sees: hundredths as the decimal fraction they mean.
    package var json: JSON {
        switch self {
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .hundredths(let value):
            value % 100 == 0 ? .integer(value / 100) : .number(Double(value) / 100)
        case .number(let value): .number(value)
        case .text(let value): .string(value)
        }
    }

    /// What is stored: hundredths as an integer. `FieldRule.stored` reads it back.
    package var stored: JSON {
        if case .hundredths(let value) = self { .integer(value) } else { json }
    }
}
