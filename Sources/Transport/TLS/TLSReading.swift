import COpenSSL
import Glibc
import Synchronization

/// Encrypted bytes in: from the kernel through OpenSSL to the owner.
extension TLSSession {
    private enum Step { case bytes(Int), wouldBlock, limited, eof, failed(SystemError) }

    private static let plainHTTPAnswer = """
        HTTP/1.1 400 Bad Request\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 51\r
        Connection: close\r
        \r
        This port speaks TLS; use https:// or wss:// here.\n
        """

    /// As `Socket.drain`. What is bounded is the work: `bytesMax` counts encrypted bytes, also
    /// those that say nothing to the owner, and plain ones of a record that an earlier drain began.
    func drain(
        through buffer: inout [UInt8], bytesMax: Int, _ body: (borrowing Span<UInt8>) -> Bool
    ) -> Socket.DrainResult {
        precondition(buffer.count >= 2, "one half is for what came, the other for what it says")
        // Plain bytes in front, at most a record; what came from the kernel behind.
        let plain = min(buffer.count / 2, Self.recordBytesMax)
        var window = TLSWindow(base: plain, limit: buffer.count, takenMax: bytesMax)
        var result = Socket.DrainResult.limited
        reading: while true {
            switch step(&buffer, &window) {
            case .bytes(let count):
                let goesOn = body(buffer.span.extracting(first: count))
                if !goesOn { break reading }
            case .wouldBlock:
                result = .drained
                break reading
            case .limited: break reading
            case .eof:
                result = .eof
                break reading
            case .failed(let error):
                result = .failed(error)
                break reading
            }
        }
        state.withLock { state in
            if window.start < window.end {
                state.held.insert(contentsOf: buffer[window.start..<window.end], at: 0)
            }
            tell(&state, drained: true)
        }
        return result
    }

    /// One read of OpenSSL that gave something or cannot go on.
    private func step(_ buffer: inout [UInt8], _ window: inout TLSWindow) -> Step {
        state.withLock { state in
            while window.taken < window.takenMax {
                if window.start == window.end {
                    switch refill(&buffer, &window, &state) {
                    case .bytes: break
                    case .wouldBlock where Self.decryptedBytes(of: state) > 0: break
                    case let other: return other
                    }
                }
                switch state.phase {
                case .untouched:
                    state.phase = .speaking
                    // A record begins with its type, 22 here (RFC 8446 §5.1); a method is letters.
                    if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(buffer[window.start]) {
                        refusePlainHTTP(&state)
                        continue
                    }
                case .speaking: break
                case .refusing:
                    window.take(window.end - window.start)
                    continue
                case .failed(let error): return .failed(error)
                case .closed: return .failed(.closed)
                }
                let outcome = decrypt(&buffer, &window, &state)
                if let outcome { return outcome }
            }
            return .limited
        }
    }

    /// Gets bytes for OpenSSL: those held back first, then the kernel's.
    private func refill(
        _ buffer: inout [UInt8], _ window: inout TLSWindow, _ state: inout State
    ) -> Step {
        window.rewind()
        if !state.held.isEmpty {
            let count = min(state.held.count, window.limit - window.base)
            buffer.replaceSubrange(window.base..<window.base + count, with: state.held[..<count])
            if count == state.held.count {
                state.held = []
            } else {
                state.held.removeFirst(count)
            }
            window.end += count
            return .bytes(count)
        }
        switch state.phase {
        case .failed(let error): return .failed(error)
        case .closed: return .failed(.closed)
        case .untouched, .speaking, .refusing: break
        }
        // What was decrypted comes before what would wait in the window meanwhile.
        if window.emptied || Self.decryptedBytes(of: state) > 0 { return .wouldBlock }
        while true {
            // SAFETY: recv writes at most so many bytes into the array's own storage.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                let target = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[window.base..<window.limit])
                return unsafe recv(descriptor, target.baseAddress, target.count, 0)
            }
            if count > 0 {
                window.end += count
                // As in `Socket.drain`: the level-triggered watch reports what comes after this.
                window.emptied = window.end < window.limit
                return .bytes(count)
            }
            // Without a close_notify too: WebSocket and HTTP say themselves where a message ends.
            if count == 0 { return .eof }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(.last)
            }
        }
    }

    /// Nil when OpenSSL wants more input.
    private func decrypt(
        _ buffer: inout [UInt8], _ window: inout TLSWindow, _ state: inout State
    ) -> Step? {
        guard let session = state.session else { return .failed(.closed) }
        var consumed = 0
        var count = 0
        // SAFETY: input and target are disjoint parts of the array and lent for the call; the
        // session is alive and used under the lock.
        let code = unsafe buffer.withUnsafeMutableBytes { bytes in
            let input = unsafe UnsafeMutableRawBufferPointer(
                rebasing: bytes[window.start..<window.end])
            return unsafe copenssl_read(
                session.pointer, input.baseAddress, input.count, &consumed, bytes.baseAddress,
                window.base, &count)
        }
        window.take(consumed, giving: count)
        if state.writeAwaitsInput, Self.isEstablished(session) { state.writeAwaitsInput = false }
        let outcome: Step?
        switch code {
        case SSL_ERROR_NONE: outcome = .bytes(count)
        case SSL_ERROR_WANT_READ: outcome = nil
        case SSL_ERROR_ZERO_RETURN: outcome = .eof
        default: outcome = .failed(fail(&state, session))
        }
        flush(&state)  // the handshake's part of ours, tickets, alerts
        return outcome
    }

    private func refusePlainHTTP(_ state: inout State) {
        let answer = Array(Self.plainHTTPAnswer.utf8)
        // SAFETY: send reads the array's own bytes. A fresh connection takes so few at once.
        _ = unsafe answer.withUnsafeBytes { bytes in
            unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        // What still comes is thrown away until the peer has read and closes, or the owner's
        // time limit for a request passes.
        shutdown(descriptor, Int32(SHUT_WR))
        state.phase = .refusing
    }
}
