import COpenSSL

/// Where an object of OpenSSL is. Its owner says who may use it when: an `SSL_CTX` counts its
/// references itself and is only read once it is set up; an `SSL` is used under its owner's lock.
// SAFETY: the address alone does nothing; each use of `pointer` says why it is valid.
@safe struct TLSHandle: Sendable {
    private let address: UInt

    init?(_ pointer: OpaquePointer?) {
        guard let pointer = unsafe pointer else { return nil }
        // SAFETY: only the number is kept.
        address = UInt(bitPattern: pointer)
    }

    var pointer: OpaquePointer? {
        // SAFETY: the number came from a pointer.
        unsafe OpaquePointer(bitPattern: address)
    }
}
