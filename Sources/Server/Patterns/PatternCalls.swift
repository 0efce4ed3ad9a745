import Model
import Wire

/// `pattern.*`, apart from discovery and likes, and from what needs more than a transaction or a
/// snapshot (`performPatternCall`). `Protocol/patterns.md`.
enum PatternCalls {
    /// Nil for a method of another kind.
    ///
    /// - Parameter listener: whom a guest who plays counts as.
    static func call(
        _ method: Wire.Method, _ params: JSON.Object, listener: ClientNetwork?,
        catalogue: Catalogue
    ) throws(WireError) -> MethodCall? {
        let reader = Params(params)
        func pattern() throws(WireError) -> Identifier { try reader.identifier("pattern") }
        func user() throws(WireError) -> Identifier { try reader.identifier("user") }
        switch method {
        case .patternCreate: return .write(CreatePattern(params: params, catalogue: catalogue))
        case .patternList:
            return .read(
                ListPatterns(
                    owner: try reader.optional("owner", reader.identifier),
                    page: try PageRequest(params, of: method)))
        case .patternPublish: return .write(SetPublic(pattern: try pattern(), isPublic: true))
        case .patternUnpublish: return .write(SetPublic(pattern: try pattern(), isPublic: false))
        case .patternDelete: return .write(DeletePattern(pattern: try pattern()))
        case .patternRestore: return .write(RestorePattern(pattern: try pattern()))
        case .patternDeleted: return .read(ListDeleted(page: try PageRequest(params, of: method)))
        case .patternPlay: return .write(PlayPattern(pattern: try pattern(), listener: listener))
        case .patternCollaborators: return .read(ListCollaborators(pattern: try pattern()))
        case .patternInvite:
            return .write(
                InviteCollaborator(
                    pattern: try pattern(), user: try user(), role: try reader.choice("role")))
        case .patternInvitations:
            return .read(ListInvitations(page: try PageRequest(params, of: method)))
        case .patternAnswerInvitation:
            return .write(
                AnswerInvitation(pattern: try pattern(), accepts: try reader.bool("accept")))
        case .patternSetRole:
            return .write(
                SetCollaboratorRole(
                    pattern: try pattern(), user: try user(), role: try reader.choice("role")))
        case .patternRemoveCollaborator:
            return .write(RemoveCollaborator(pattern: try pattern(), user: try user()))
        case .patternShare:
            return .write(
                SharePattern(
                    pattern: try pattern(), role: try reader.choice("role"),
                    expiresMs: try reader.optional("expiresMs", reader.integer)))
        case .patternLinks: return .read(ListLinks(pattern: try pattern()))
        case .patternUnshare:
            return .write(UnsharePattern(link: try reader.identifier("link")))
        case .patternOpenLink: return .write(OpenLink(secret: try reader.text("secret")))
        default: return nil
        }
    }
}
