import Model
import Storage
import Wire

/// `admin.*`, for administrators, the local socket and the command line.
/// `Protocol/social.md#administration`.
enum AdministrationCalls {
    /// Nil for a method of another kind.
    static func call(
        _ method: Wire.Method, _ params: JSON.Object
    ) throws(WireError) -> MethodCall? {
        let reader = Params(params)
        switch method {
        case .adminUsers:
            let text = try reader.optional("text", reader.text)
            return .read(ListAccounts(text: text, page: try PageRequest(params, of: method)))
        case .adminSetActive:
            return .write(
                SetActive(
                    target: try reader.identifier("user"), isActive: try reader.bool("isActive"),
                    reason: try reason(reader)))
        case .adminSetAdmin:
            return .write(
                SetAdministrator(
                    target: try reader.identifier("user"), isAdmin: try reader.bool("isAdmin"),
                    reason: try reason(reader)))
        case .adminRemovePattern:
            return .write(
                RemovePattern(
                    pattern: try reader.identifier("pattern"), reason: try reason(reader)))
        case .adminRestorePattern:
            return .write(
                AdministrativeRestore(
                    pattern: try reader.identifier("pattern"), reason: try reason(reader)))
        case .adminRemoveComment:
            return .write(
                RemoveComment(
                    comment: try reader.identifier("comment"), reason: try reason(reader)))
        case .adminSessions:
            return .read(ListSessions(target: try reader.identifier("user")))
        case .adminRevokeSession:
            return .write(
                RevokeSession(
                    session: try reader.identifier("session"), reason: try reason(reader)))
        case .adminLog:
            return .read(ListActs(page: try PageRequest(params, of: method)))
        default: return nil
        }
    }

    private static func reason(_ reader: Params) throws(WireError) -> String {
        try reader.text("reason")
    }
}
