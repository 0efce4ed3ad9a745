import Model
import Wire

/// `history.*` and `version.*`, apart from `history.restore`, which is an edit of the room.
/// `Protocol/history.md`.
enum HistoryCalls {
    /// Nil for a method of another kind.
    static func call(
        _ method: Wire.Method, _ params: JSON.Object
    ) throws(WireError) -> MethodCall? {
        let reader = Params(params)
        func pattern() throws(WireError) -> Identifier { try reader.identifier("pattern") }
        switch method {
        case .historyList:
            return .read(
                ListHistory(pattern: try pattern(), page: try PageRequest(params, of: method)))
        case .historyGet:
            return .read(GetHistory(pattern: try pattern(), place: try HistoryPlace(params)))
        case .versionList: return .read(ListVersions(pattern: try pattern()))
        case .versionCreate:
            return .write(
                CreateVersion(
                    pattern: try pattern(), name: try reader.text("name"),
                    number: try reader.optional("number", reader.integer)))
        case .versionRename:
            return .write(
                RenameVersion(
                    version: try reader.identifier("version"), name: try reader.text("name")))
        case .versionDelete:
            return .write(DeleteVersion(version: try reader.identifier("version")))
        default: return nil
        }
    }
}
