/// Every error of the protocol. `Protocol/wire.md#errors`; a test compares the two tables.
package enum ErrorName: String, CaseIterable, Sendable {
    case parse, invalidRequest, methodNotFound, invalidParams, `internal`
    case binary, tooLarge, sessionRequired, sessionOpen, unauthenticated, forbidden, notFound
    case streamRequired, notJoined, foreignReplica, limit
    case busy, rate, readOnly, overloaded, gap, epoch, unconfirmed
    case taken, throttled, weakPassword, expired, unavailable, blocked, deleted
    case access
    case unknownPath, wrongType, outOfRange, length, absent, conflict, empty, voided
    case superseded, locked

    package var code: Int64 {
        switch self {
        case .parse: -32700
        case .invalidRequest: -32600
        case .methodNotFound: -32601
        case .invalidParams: -32602
        case .internal: -32603
        case .binary: 1001
        case .tooLarge: 1002
        case .sessionRequired: 1003
        case .sessionOpen: 1004
        case .unauthenticated: 1005
        case .forbidden: 1006
        case .notFound: 1007
        case .streamRequired: 1008
        case .notJoined: 1009
        case .foreignReplica: 1010
        case .limit: 1011
        case .busy: 1012
        case .rate: 1013
        case .readOnly: 1014
        case .overloaded: 1015
        case .gap: 1016
        case .epoch: 1017
        case .unconfirmed: 1018
        case .taken: 1019
        case .throttled: 1020
        case .weakPassword: 1021
        case .expired: 1022
        case .unavailable: 1023
        case .blocked: 1024
        case .deleted: 1025
        case .access: 1026
        case .unknownPath: 1101
        case .wrongType: 1102
        case .outOfRange: 1103
        case .length: 1104
        case .absent: 1105
        case .conflict: 1106
        case .empty: 1107
        case .voided: 1108
        case .superseded: 1109
        case .locked: 1110
        }
    }

    /// Whether the same request can succeed later, unchanged.
    package var isRetryable: Bool {
        switch self {
        case .internal, .busy, .rate, .readOnly, .overloaded, .gap, .epoch, .unconfirmed,
            .throttled, .access:
            true
        default: false
        }
    }
}
