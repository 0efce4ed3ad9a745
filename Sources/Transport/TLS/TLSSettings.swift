import COpenSSL

/// An `SSL_CTX`, freed with the last reference to this object; open connections have their own.
final class TLSSettings: Sendable {
    let handle: TLSHandle

    /// What every context of this project has, see COpenSSL.h.
    init(isServer: Bool) throws(TLSContextError) {
        // SAFETY: a new object with one reference, which ends in `deinit`.
        guard let handle = unsafe TLSHandle(copenssl_context(isServer ? 1 : 0)) else {
            throw .noMemory
        }
        self.handle = handle
    }

    deinit {
        // SAFETY: the last use of our reference.
        unsafe SSL_CTX_free(handle.pointer)
    }
}
