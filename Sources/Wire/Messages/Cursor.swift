package import Model

/// How far a client has come in a stream.
package struct Cursor: Hashable, Sendable {
    package var epoch: Int64
    package var number: Int64

    package init(epoch: Int64, number: Int64) {
        self.epoch = epoch
        self.number = number
    }

    package var json: JSON { ["epoch": .integer(epoch), "number": .integer(number)] }

    package init(_ object: JSON.Object) throws(WireError) {
        let params = Params(object)
        epoch = try params.integer("epoch", in: 0...Int64.max)
        number = try params.integer("number", in: 0...Int64.max)
    }

    static func read(_ name: String, of params: Params) throws(WireError) -> Cursor? {
        try params.optional(name) { (name) throws(WireError) in
            try Cursor(try params.object(name))
        }
    }
}
