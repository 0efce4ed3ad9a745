import Model
import Wire

/// What a call of a method is, once its params are read: how it is run is somebody else's matter.
enum MethodCall {
    case write(any Command)
    case read(any Query)
}

extension Shard {
    func perform(
        _ call: MethodCall?, _ method: Wire.Method, _ params: JSON.Object, by caller: Caller,
        _ reply: Reply
    ) throws(WireError) {
        switch call {
        case .write(let command): try write(command, method, params, by: caller, reply)
        case .read(let query): try read(query, by: caller, reply)
        case nil: throw WireError(.methodNotFound, "no method \(method.rawValue)")
        }
    }
}
