import Logging
import Model
import Storage
import Wire

/// What a caller is told of what went wrong on a thread of ours.
extension Shard {
    func error(of failure: OperationFailure) -> WireError {
        switch failure {
        case .unavailable: .readOnly
        case .busy: .busy
        case .refused(let error): self.error(of: error)
        }
    }

    func error(of failure: any Error) -> WireError {
        failure as? WireError ?? unexpected(failure)
    }

    /// Our own failure: logged in full, told in general.
    func unexpected(_ error: any Error) -> WireError {
        if services.health.isReadOnly, let error = error as? DatabaseError, error.endsTransaction {
            // After an I/O error connections are replaced; until that succeeds nothing is read.
            return .readOnly
        }
        log.error("a call failed: \(error)")
        return WireError(
            .internal, "the server failed; it was logged",
            retryAfterMs: Int64(Limits.busyRetryMs))
    }
}

extension WireError {
    static var busy: WireError {
        WireError(
            .busy, "too many calls of this kind at once",
            retryAfterMs: Int64(Limits.busyRetryMs))
    }
}
