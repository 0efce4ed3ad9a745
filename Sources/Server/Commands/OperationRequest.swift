import Crypto
import Model
import Wire

/// Tells a call that is sent again from another one under the same `opId`.
enum OperationRequest {
    static func sha256(_ method: Wire.Method, _ params: JSON.Object) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(method.rawValue.utf8))
        // A hash this quick must not be one of a password.
        var open = params
        for member in method.description.params {
            if case .secret = member.schema { open[member.name] = nil }
        }
        hash.update(data: JSON.object(open).canonical())
        return Array(hash.finalize())
    }

    static var conflict: WireError {
        WireError(
            .conflict, "this opId was used for another call", path: "/opId",
            allowed: "a new UUID for each new call")
    }
}
