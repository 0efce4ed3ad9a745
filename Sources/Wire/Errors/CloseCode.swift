/// Why a socket closes. `Protocol/close-codes.md`; a test compares the two tables.
package enum CloseCode: UInt16, CaseIterable, Sendable {
    case done = 1000
    case `protocol` = 1002
    case encoding = 1007
    case tooBig = 1009
    case restart = 1012
    case sessionEnded = 4101
    case slow = 4201
    case noSession = 4301

    package var reason: String { "\(self)" }

    /// What a client must do.
    package enum Duty: Hashable, Sendable {
        case stop
        case signInAgain
        case resumeNow
        case backOff
    }

    /// For any code, also one that this version does not know.
    package static func duty(of code: UInt16) -> Duty {
        switch code {
        case 1000, 1002, 1003, 1007, 1008, 1009, 1010, 4000..<4100: .stop
        case 4100..<4200: .signInAgain
        case 4200..<4300: .resumeNow
        default: .backOff
        }
    }
}
