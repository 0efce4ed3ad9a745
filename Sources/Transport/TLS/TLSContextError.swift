/// Why certificates cannot be used, in words for the person who configured them.
package enum TLSContextError: Error, Equatable, Sendable {
    case unreadable(path: String, SystemError)
    case notACertificate(path: String, reason: String)
    case notAKey(path: String, reason: String)
    case keyIsEncrypted(path: String)
    case keyDoesNotMatch(key: String, certificate: String)
    case notAuthorities(path: String, reason: String)
    case noMemory
}

extension TLSContextError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let error): "cannot read \"\(path)\": \(error)"
        case .notACertificate(let path, let reason):
            "\"\(path)\" is not a certificate that can be served (\(reason)): it must be PEM, the "
                + "server's own certificate first, then those between it and the authority"
        case .notAKey(let path, let reason):
            "\"\(path)\" is not a private key (\(reason)): it must be PEM, RSA or ECDSA or Ed25519"
        case .keyIsEncrypted(let path):
            "the key \"\(path)\" is protected by a passphrase: a server starts without one; "
                + "remove it with: openssl pkey -in \(path) -out FILE"
        case .keyDoesNotMatch(let key, let certificate):
            "the key \"\(key)\" does not belong to the certificate \"\(certificate)\": "
                + "give the two files that were made together"
        case .notAuthorities(let path, let reason):
            "\"\(path)\" holds no certificate of an authority (\(reason)): it must be PEM"
        case .noMemory: "no memory is left for TLS"
        }
    }
}
