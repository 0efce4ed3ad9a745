import Model
import Storage
import Wire

/// `history.*` and `version.*`. `Protocol/history.md`.
extension Shard {
    func callHistory(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        func name() throws(WireError) -> String {
            try reader.text("name", in: 1...Limits.versionNameCharactersMax)
        }
        switch method {
        case .historyList:
            let query = ListHistory(
                pattern: try reader.identifier("pattern"),
                page: try PageRequest(params, of: method))
            try read(query, by: caller, reply)
        case .historyGet:
            let query = GetHistory(
                pattern: try reader.identifier("pattern"), place: try HistoryPlace(params))
            try read(query, by: caller, reply)
        case .historyRestore: try restoreHistory(params, by: caller, reply)
        case .versionList:
            try read(ListVersions(pattern: try reader.identifier("pattern")), by: caller, reply)
        case .versionCreate:
            let number = try reader.optional("number") { (name) throws(WireError) in
                try reader.integer(name, in: 0...EditRequest.seqs.upperBound)
            }
            let command = CreateVersion(
                pattern: try reader.identifier("pattern"), name: try name(), number: number)
            try write(command, method, params, by: caller, reply)
        case .versionRename:
            let command = RenameVersion(
                version: try reader.identifier("version"), name: try name())
            try write(command, method, params, by: caller, reply)
        case .versionDelete:
            let command = DeleteVersion(version: try reader.identifier("version"))
            try write(command, method, params, by: caller, reply)
        default: throw WireError(.methodNotFound, "no method \(method.rawValue)")
        }
    }
}
