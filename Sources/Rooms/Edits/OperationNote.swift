package import Model

/// Which call an edit answers: noted in the commit that makes the edit durable, so that the call
/// happens once. `Protocol/wire.md#writes`.
package struct OperationNote: Hashable, Sendable {
    package let user: Identifier
    /// The client's `opId`.
    package let operation: Identifier
    package let requestSHA256: [UInt8]

    package init(user: Identifier, operation: Identifier, requestSHA256: [UInt8]) {
        self.user = user
        self.operation = operation
        self.requestSHA256 = requestSHA256
    }
}
