/// Why a listener could not be opened, in words for the person who started the server.
package enum ListenError: Error, Equatable, Sendable {
    /// Not a numeric address: a server listens on addresses of its machine, not on names.
    case notAnAddress(host: String)
    case inUse(host: String, port: UInt16)
    case notOfThisMachine(host: String)
    case accessDenied(host: String, port: UInt16)
    case system(host: String, port: UInt16, SystemError)

    init(_ error: SystemError, host: String, port: UInt16) {
        switch error {
        case .addressInUse: self = .inUse(host: host, port: port)
        case .addressNotAvailable: self = .notOfThisMachine(host: host)
        case .accessDenied: self = .accessDenied(host: host, port: port)
        default: self = .system(host: host, port: port, error)
        }
    }
}

extension ListenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnAddress(let host):
            "\"\(host)\" is not an IP address: give one, for example 127.0.0.1, ::1 or 0.0.0.0"
        case .inUse(let host, let port):
            "port \(port) on \(host) is in use: choose another with --port, or stop what holds it"
        case .notOfThisMachine(let host):
            "this machine has no address \(host): choose one it has, or 0.0.0.0 for all of them"
        case .accessDenied(let host, let port):
            "port \(port) on \(host) is not allowed: ports below 1024 need a privilege; "
                + "choose a higher one with --port"
        case .system(let host, let port, let error):
            "cannot listen on port \(port) of \(host): \(error)"
        }
    }
}
