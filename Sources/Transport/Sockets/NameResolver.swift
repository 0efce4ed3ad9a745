import Glibc

/// Turns a host name into addresses, on a thread of its own because the C library blocks.
package actor NameResolver {
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        case unknown(host: String)
        /// The name server did not answer; worth another try.
        case unavailable(host: String)

        package var description: String {
            switch self {
            case .unknown(let host): "no address is known for \"\(host)\": check the name"
            case .unavailable(let host): "the name \"\(host)\" cannot be looked up now: try later"
            }
        }
    }

    private let executor = SerialQueueExecutor(label: "name-resolver")

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    package init() {}

    /// The addresses of a name or numeric address, in the order to try them (RFC 6724).
    package func addresses(
        host: String, port: UInt16
    ) async throws(Failure) -> [SocketAddress] {
        if let numeric = SocketAddress(host: host, port: port) { return [numeric] }
        // SAFETY: a struct of C, all zero, whose pointers stay null.
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        // SAFETY: reads the two texts and the hints; gives a list that is freed below.
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let transient = status == EAI_AGAIN || status == EAI_SYSTEM || status == EAI_MEMORY
            throw transient ? .unavailable(host: host) : .unknown(host: host)
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            // SAFETY: each entry of the list holds an address of the length it names.
            let raw = unsafe UnsafeRawBufferPointer(
                start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            if let address = unsafe SocketAddress.parse(raw) {
                found.append(
                    SocketAddress(octets: address.octets, port: port, scope: address.scope))
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        guard !found.isEmpty else { throw .unknown(host: host) }
        return found
    }
}
