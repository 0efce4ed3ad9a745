package import Model

/// All there is to know about a method without running it: params are checked with it before the
/// method runs, and the OpenRPC document and the tests of bad input are made from it.
package struct MethodDescription: Sendable {
    /// A call and its answer, as they could be; a test checks both with the schemas.
    package struct Example: Sendable {
        package let name: String
        package let params: JSON.Object
        package let result: JSON

        package init(_ name: String, params: JSON.Object, result: JSON) {
            self.name = name
            self.params = params
            self.result = result
        }
    }

    /// One line, without a full stop.
    package let summary: String
    /// The least that may call.
    package let caller: Method.Caller
    /// Whether it needs a socket; the others are also served by `POST /v1/rpc`.
    package let needsStream: Bool
    package let rate: RateClass
    package let params: [Schema.Member]
    package let result: Schema
    /// Which errors it has beyond those that follow from the rest (`allErrors`).
    package let errors: [ErrorName]
    package let examples: [Example]

    package init(
        _ summary: String, caller: Method.Caller, needsStream: Bool = false, rate: RateClass,
        params: [Schema.Member], result: Schema, errors: [ErrorName] = [], examples: [Example]
    ) {
        self.summary = summary
        self.caller = caller
        self.needsStream = needsStream
        self.rate = rate
        self.params = params
        self.result = result
        self.errors = errors
        self.examples = examples
    }

    /// Every error that it can answer.
    package var allErrors: [ErrorName] {
        var all: [ErrorName] = params.isEmpty ? [] : [.invalidParams]
        if needsStream { all.append(.streamRequired) }
        if caller != .anyone { all.append(.sessionRequired) }
        if caller == .user || caller == .admin { all.append(.forbidden) }
        if rate != .free { all.append(.rate) }
        all.append(.internal)
        return all + errors.filter { !all.contains($0) }
    }

    /// The params as the method's handler gets them.
    ///
    /// - Throws: `invalidParams` with the pointer to what does not fit.
    package func check(_ params: JSON.Object) throws(WireError) -> JSON.Object {
        guard case .object(let checked) = try Schema.object(self.params).check(.object(params))
        else { return params }
        return checked
    }
}
