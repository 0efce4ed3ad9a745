package import Glibc

/// A numeric IPv4 or IPv6 address with a port.
package struct SocketAddress: Hashable, Sendable {
    /// 4 bytes for IPv4, 16 for IPv6, in network order.
    package let octets: [UInt8]
    package let port: UInt16
    /// The interface of a link-local IPv6 address; 0 otherwise.
    package let scope: UInt32

    package var isIPv6: Bool { octets.count == 16 }

    /// Parses a numeric address, IPv6 with or without brackets; nil for a name.
    package init?(host: String, port: UInt16) {
        var text = host[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        for family in [AF_INET, AF_INET6] {
            var octets = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
            // SAFETY: inet_pton writes 4 or 16 bytes by family, which is the array's size.
            let status = unsafe octets.withUnsafeMutableBytes { target in
                unsafe inet_pton(family, String(text), target.baseAddress)
            }
            if status == 1 {
                self.init(octets: octets, port: port)
                return
            }
        }
        return nil
    }

    init(octets: [UInt8], port: UInt16, scope: UInt32 = 0) {
        self.octets = octets
        self.port = port
        self.scope = scope
    }

    /// The address without the port, as RFC 5952 writes it.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // SAFETY: inet_ntop reads as many octets as the family has and ends the text with 0
        // within the size given.
        let written = unsafe octets.withUnsafeBytes { source in
            unsafe text.withUnsafeMutableBufferPointer { target in
                unsafe inet_ntop(
                    isIPv6 ? AF_INET6 : AF_INET, source.baseAddress, target.baseAddress,
                    socklen_t(target.count)) != nil
            }
        }
        guard written else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// 127.0.0.0/8, ::1, and IPv4 loopback mapped into IPv6.
    package var isLoopback: Bool {
        if !isIPv6 { return octets[0] == 127 }
        let mapped = octets[..<10].allSatisfy { $0 == 0 } && octets[10] == 255 && octets[11] == 255
        if mapped { return octets[12] == 127 }
        return octets.dropLast().allSatisfy { $0 == 0 } && octets[15] == 1
    }

    // MARK: - The kernel's form

    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

    /// Calls `body` with the address as the kernel reads it.
    package func withKernelForm<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var storage = sockaddr_storage()
        let size = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        // SAFETY: sockaddr_storage is large and aligned enough for both forms, and outlives `body`.
        return unsafe withUnsafeMutableBytes(of: &storage) { raw in
            if isIPv6 {
                var form = sockaddr_in6()
                form.sin6_family = sa_family_t(AF_INET6)
                form.sin6_port = port.bigEndian
                form.sin6_scope_id = scope
                unsafe withUnsafeMutableBytes(of: &form.sin6_addr) {
                    unsafe $0.copyBytes(from: octets)
                }
                unsafe raw.storeBytes(of: form, as: sockaddr_in6.self)
            } else {
                var form = sockaddr_in()
                form.sin_family = sa_family_t(AF_INET)
                form.sin_port = port.bigEndian
                unsafe withUnsafeMutableBytes(of: &form.sin_addr) {
                    unsafe $0.copyBytes(from: octets)
                }
                unsafe raw.storeBytes(of: form, as: sockaddr_in.self)
            }
            let address = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            return unsafe body(
                UnsafePointer(address.baseAddress.unsafelyUnwrapped), socklen_t(size))
        }
    }

    /// Reads what `fill` (accept, getsockname) wrote; nil when it failed or gave another family.
    static func fromKernel(
        _ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Bool
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the kernel writes at most `length` bytes; both forms fit the storage.
        return unsafe withUnsafeMutableBytes(of: &storage) { raw in
            let address = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            guard unsafe fill(address.baseAddress.unsafelyUnwrapped, &length) else { return nil }
            return unsafe parse(UnsafeRawBufferPointer(raw))
        }
    }

    package static func parse(_ raw: UnsafeRawBufferPointer) -> SocketAddress? {
        // SAFETY: callers pass storage at least as large as the form the family names.
        switch unsafe Int32(raw.loadUnaligned(as: sockaddr.self).sa_family) {
        case AF_INET:
            let form = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            let octets = unsafe withUnsafeBytes(of: form.sin_addr) { unsafe [UInt8]($0) }
            return SocketAddress(octets: octets, port: UInt16(bigEndian: form.sin_port))
        case AF_INET6:
            let form = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
            let octets = unsafe withUnsafeBytes(of: form.sin6_addr) { unsafe [UInt8]($0) }
            return SocketAddress(
                octets: octets, port: UInt16(bigEndian: form.sin6_port), scope: form.sin6_scope_id)
        default:
            return nil
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
