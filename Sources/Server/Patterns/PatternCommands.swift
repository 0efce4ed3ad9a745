import Model
import Social
import Wire

/// From params to commands.
enum PatternCommands {
    /// Nil for a method of another kind.
    ///
    /// - Parameter listener: whom a guest who plays counts as.
    static func command(
        _ method: Wire.Method, _ params: JSON.Object, listener: ClientNetwork?,
        catalogue: Catalogue
    ) throws(WireError) -> (any Command)? {
        let reader = Params(params)
        switch method {
        case .patternCreate:
            return CreatePattern(
                params: params, catalogue: catalogue)
        case .patternPublish:
            return SetPublic(pattern: try reader.identifier("pattern"), isPublic: true)
        case .patternUnpublish:
            return SetPublic(pattern: try reader.identifier("pattern"), isPublic: false)
        case .patternDelete: return DeletePattern(pattern: try reader.identifier("pattern"))
        case .patternRestore: return RestorePattern(pattern: try reader.identifier("pattern"))
        case .patternPlay:
            return PlayPattern(pattern: try reader.identifier("pattern"), listener: listener)
        case .patternInvite:
            return InviteCollaborator(
                pattern: try reader.identifier("pattern"), user: try reader.identifier("user"),
                role: try role(reader))
        case .patternAnswerInvitation:
            return AnswerInvitation(
                pattern: try reader.identifier("pattern"), accepts: try reader.bool("accept"))
        case .patternSetRole:
            return SetCollaboratorRole(
                pattern: try reader.identifier("pattern"), user: try reader.identifier("user"),
                role: try role(reader))
        case .patternRemoveCollaborator:
            return RemoveCollaborator(
                pattern: try reader.identifier("pattern"), user: try reader.identifier("user"))
        case .patternShare:
            return SharePattern(
                pattern: try reader.identifier("pattern"), role: try role(reader),
                expiresMs: try reader.optional("expiresMs") { (name) throws(WireError) in
                    try reader.integer(name, in: 0...Int64.max)
                })
        case .patternUnshare: return UnsharePattern(link: try reader.identifier("link"))
        case .patternOpenLink:
            return OpenLink(secret: try reader.text("secret", in: 1...Limits.tokenCharactersMax))
        default: return nil
        }
    }

    /// One that can be given: viewer or editor.
    private static func role(_ reader: Params) throws(WireError) -> Role {
        let name = try reader.text("role", in: 1...Limits.fieldNameBytesMax)
        switch Role(rawValue: name) {
        case .viewer?: return .viewer
        case .editor?: return .editor
        default: throw reader.refused("role", allowed: "viewer, editor")
        }
    }
}

/// From params to queries.
enum PatternQueries {
    /// Nil for a method of another kind.
    static func query(
        _ method: Wire.Method, _ params: JSON.Object
    ) throws(WireError) -> (any Query)? {
        let reader = Params(params)
        switch method {
        case .patternList:
            return ListPatterns(
                owner: try reader.optional("owner", reader.identifier),
                page: try PageRequest(params, of: method))
        case .patternDeleted: return ListDeleted(page: try PageRequest(params, of: method))
        case .patternCollaborators:
            return ListCollaborators(pattern: try reader.identifier("pattern"))
        case .patternInvitations: return ListInvitations(page: try PageRequest(params, of: method))
        case .patternLinks: return ListLinks(pattern: try reader.identifier("pattern"))
        default: return nil
        }
    }
}
