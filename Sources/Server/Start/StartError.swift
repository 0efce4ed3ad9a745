package import Storage
package import Transport

/// Why a server cannot start, in words for the person who started it.
package enum StartError: Error, CustomStringConvertible {
    case data(DataDirectoryError)
    case listen(ListenError)
    case tls(TLSContextError)
    case database(any Error)
    case noMemory(any Error)

    package var description: String {
        switch self {
        case .data(let error): "\(error)"
        case .listen(let error): "\(error)"
        case .tls(let error): "TLS: \(error)"
        case .database(let error): "the database cannot be opened: \(error)"
        case .noMemory(let error): "an event loop cannot be made: \(error)"
        }
    }
}
