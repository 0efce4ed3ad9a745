import Storage

/// Any text as a statement: what tests ask about the schema.
struct AnySQL: SQLStatement {
    static let allCases: [AnySQL] = []
    let rawValue: String

    init(rawValue: String) {
        self.rawValue = rawValue
    }

    init(_ sql: String) {
        rawValue = sql
    }
}

extension Connection {
    func texts(_ sql: String, _ arguments: [Value] = []) throws -> [String] {
        try rows(AnySQL(sql), arguments) { (row) throws(DatabaseError) in try row.text(0) }
    }

    func integer(_ sql: String, _ arguments: [Value] = []) throws -> Int64? {
        try first(AnySQL(sql), arguments) { (row) throws(DatabaseError) in
            try row.optionalInteger(0)
        } ?? nil
    }
}
