import Model

/// Values that several examples show.
enum Examples {
    static let user: JSON = "0198c5f0-0000-7000-8000-00000000000a"
    static let pattern: JSON = "0198c5f0-0000-7000-8000-000000000001"
    static let opId: JSON = "0198c5f0-0000-7000-8000-0000000000f1"
    static let replica: JSON = "9f1c0000000000ff"
    static let timeMs: JSON = 1_790_000_000_000
    static let token: JSON = "sn_5f3c0000000000000000000000000000000000000000000000000000000000a1"
}
