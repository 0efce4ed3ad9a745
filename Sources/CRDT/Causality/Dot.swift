package import Model

/// Which edit: the `seq`-th of a replica, counted from 1. For sending twice and for causality;
/// it never decides who wins except on equal stamps.
package struct Dot: Hashable, Sendable, Comparable {
    package let replica: ReplicaID
    package let seq: Int64

    /// The dot of values that no edit wrote.
    package static let initial = Dot(replica: ReplicaID(rawValue: 0), seq: 0)

    package init(replica: ReplicaID, seq: Int64) {
        self.replica = replica
        self.seq = seq
    }

    package static func < (left: Dot, right: Dot) -> Bool {
        (left.replica, left.seq) < (right.replica, right.seq)
    }
}
