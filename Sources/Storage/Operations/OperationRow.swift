package import Model

/// A row of `operations`: one write of one user.
package struct OperationRow: Hashable, Sendable {
    package var user: Identifier
    package var operation: Identifier
    package var done: OperationStore.Done

    package init(user: Identifier, operation: Identifier, done: OperationStore.Done) {
        self.user = user
        self.operation = operation
        self.done = done
    }
}
