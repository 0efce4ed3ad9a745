package import Model

/// A last-writer-wins register: the value, and who wrote it when.
package struct Register: Hashable, Sendable {
    package let value: Scalar
    package let stamp: Stamp
    package let dot: Dot
    /// The log number of the edit that wrote it; 0 when no edit did.
    package let number: Int64

    package init(value: Scalar, stamp: Stamp, dot: Dot, number: Int64) {
        self.value = value
        self.stamp = stamp
        self.dot = dot
        self.number = number
    }

    /// A value that was there before the first edit.
    package init(initial value: Scalar) {
        self.init(value: value, stamp: .zero, dot: .initial, number: 0)
    }

    /// Total: equal only for the same write, so no tie is ever decided by who came first.
    package func loses(to other: Register) -> Bool {
        (stamp, dot) < (other.stamp, other.dot)
    }
}
