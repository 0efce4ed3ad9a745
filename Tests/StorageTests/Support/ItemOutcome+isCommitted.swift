import Storage

extension ItemOutcome {
    var isCommitted: Bool {
        if case .committed = self { true } else { false }
    }
}
