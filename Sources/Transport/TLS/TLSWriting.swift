import COpenSSL
import Glibc
import Synchronization

/// Plain bytes out: records, and the end of the stream.
extension TLSSession {
    func write(_ chunks: ArraySlice<[UInt8]>, firstOffset: Int) -> Socket.WriteResult {
        state.withLock { state in
            defer { tell(&state, drained: false) }
            switch state.phase {
            case .failed(let error): return .failed(error)
            case .closed: return .failed(.closed)
            case .refusing: return .failed(.brokenPipe)
            case .untouched, .speaking: break
            }
            flush(&state)
            guard let session = state.session else { return .failed(.closed) }
            guard Self.unsentBytes(of: session) == 0 else { return .wouldBlock }
            var records = RecordCursor(chunks, firstOffset: firstOffset)
            var wrote = 0
            while wrote < Self.writeBytesMax {
                var count = 0
                let code = unsafe records.withNextRecord { bytes in
                    // SAFETY: the bytes are lent for the call, which only reads them.
                    unsafe copenssl_write(session.pointer, bytes.baseAddress, bytes.count, &count)
                }
                guard let code else { break }
                wrote += count
                if code == SSL_ERROR_WANT_READ {
                    state.writeAwaitsInput = true
                    break
                }
                if code != SSL_ERROR_NONE { return .failed(fail(&state, session)) }
            }
            flush(&state)
            if case .failed(let error) = state.phase { return .failed(error) }
            return wrote > 0 ? .wrote(wrote) : .wouldBlock
        }
    }

    /// Sends a close_notify (RFC 8446 §6.1), then the end of the stream once all is sent.
    func finish() -> SystemError? {
        state.withLock { state in
            if case .speaking = state.phase, let session = state.session {
                // SAFETY: alive, and used under the lock.
                unsafe copenssl_finish(session.pointer)
                flush(&state)
            }
            if let session = state.session, Self.unsentBytes(of: session) > 0 {
                state.finishesWhenSent = true
                tell(&state, drained: false)
                return nil
            }
            return shutdown(descriptor, Int32(SHUT_WR)) == 0 ? nil : .last
        }
    }
}
