package import Model

/// What becomes of an act that was told of before: flapping makes one notice.
/// `Protocol/notifications.md#events`.
package enum Coalescing {
    /// The latest notice of the same kind, by the same actor, about the same pattern.
    package struct Former: Hashable, Sendable {
        package let number: Int64
        package let isRetracted: Bool
        package let restores: Int64

        package init(number: Int64, isRetracted: Bool, restores: Int64) {
            self.number = number
            self.isRetracted = isRetracted
            self.restores = restores
        }
    }

    package enum Decision: Hashable, Sendable {
        case add
        /// The former one comes back.
        case restore(Int64)
        /// The former one makes room for a new one.
        case replace(Int64)
        case nothing
    }

    package static func decide(_ kind: NoticeKind, former: Former?) -> Decision {
        guard let former else { return .add }
        switch kind {
        case .like, .follow, .joined:
            guard former.isRetracted else { return .nothing }
            return former.restores < Limits.noticeRestoresMax ? .restore(former.number) : .nothing
        case .invitation, .role:
            // What is offered or given now counts.
            return former.isRetracted ? .add : .replace(former.number)
        case .comment, .reply, .mention, .fork:
            return .add
        }
    }
}
