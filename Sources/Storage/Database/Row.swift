package import Model

/// One row of a query's result, read by position.
///
/// A column that does not hold what the schema promises is reported as
/// `DatabaseError.unexpectedColumn`: the file was written by something else, or is damaged.
package struct Row: Sendable {
    package let values: [Value]

    package init(_ values: [Value]) {
        self.values = values
    }

    package func integer(_ column: Int) throws(DatabaseError) -> Int64 {
        guard case .integer(let number) = values[column] else { throw .unexpectedColumn(column) }
        return number
    }

    package func optionalInteger(_ column: Int) throws(DatabaseError) -> Int64? {
        if values[column] == .null { return nil }
        return try integer(column)
    }

    package func bits(_ column: Int) throws(DatabaseError) -> UInt64 {
        UInt64(bitPattern: try integer(column))
    }

    package func boolean(_ column: Int) throws(DatabaseError) -> Bool {
        try integer(column) != 0
    }

    /// A number; an integer is one too.
    package func real(_ column: Int) throws(DatabaseError) -> Double {
        switch values[column] {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        default: throw .unexpectedColumn(column)
        }
    }

    package func text(_ column: Int) throws(DatabaseError) -> String {
        guard case .text(let string) = values[column] else { throw .unexpectedColumn(column) }
        return string
    }

    package func optionalText(_ column: Int) throws(DatabaseError) -> String? {
        if values[column] == .null { return nil }
        return try text(column)
    }

    package func blob(_ column: Int) throws(DatabaseError) -> [UInt8] {
        guard case .blob(let bytes) = values[column] else { throw .unexpectedColumn(column) }
        return bytes
    }

    package func optionalBlob(_ column: Int) throws(DatabaseError) -> [UInt8]? {
        if values[column] == .null { return nil }
        return try blob(column)
    }

    package func identifier(_ column: Int) throws(DatabaseError) -> Identifier {
        guard let id = Identifier(bytes: try blob(column)) else { throw .unexpectedColumn(column) }
        return id
    }

    package func optionalIdentifier(_ column: Int) throws(DatabaseError) -> Identifier? {
        if values[column] == .null { return nil }
        return try identifier(column)
    }
}
