import COpenSSL

/// Why a TLS connection failed.
package enum TLSFailure: Error, Equatable, Sendable {
    /// The peer's certificate does not lead to an authority that is trusted, or is not valid now.
    case untrustedCertificate(reason: String)
    /// The certificate is good, but for other names than the one asked for.
    case wrongName(expected: String)
    /// The peer sent a fatal alert (RFC 8446 §6.2).
    case refusedByPeer(reason: String)
    /// What came is not TLS, or not one that is spoken here.
    case broken(reason: String)
    /// More than `TLSSession.controlRecordsMax` records without data.
    case tooManyControlRecords

    /// What the error queue and the certificate check say after a call that failed.
    static func last(of session: TLSHandle, expectedName: String?) -> TLSFailure {
        // SAFETY: the caller holds the session's lock.
        let verdict = unsafe Int32(truncatingIfNeeded: copenssl_verify_result(session.pointer))
        switch verdict {
        case X509_V_OK: break
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return .wrongName(expected: expectedName ?? "")
        default:
            // SAFETY: a text that lives as long as the library.
            let text = unsafe X509_verify_cert_error_string(Int(verdict))
            let reason = unsafe text.map { unsafe String(cString: $0) }
            return .untrustedCertificate(reason: reason ?? "unknown reason")
        }
        let code = ERR_peek_last_error()
        let reason = TLSFailure.reason(of: code)
        // ssl.h: reasons from 1000 on are alerts that the peer sent.
        let isAlert = code & 0x7F_FFFF >= 1000
        return isAlert ? .refusedByPeer(reason: reason) : .broken(reason: reason)
    }

    static func reason(of code: UInt) -> String {
        // SAFETY: a text that lives as long as the library.
        let text = unsafe ERR_reason_error_string(code)
        return unsafe text.map { unsafe String(cString: $0) } ?? "unknown reason"
    }
}

extension TLSFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .untrustedCertificate(let reason):
            "the server's certificate is not trusted (\(reason)): a certificate of one's own "
                + "authority needs that authority's file"
        case .wrongName(let expected):
            "the server's certificate is not for \"\(expected)\": use the name that it is for"
        case .refusedByPeer(let reason): "the peer refused TLS (\(reason))"
        case .broken(let reason): "TLS failed (\(reason))"
        case .tooManyControlRecords: "the peer sent too many records of TLS without data"
        }
    }
}
