import SourceFiles

/// Which members of `params` the server reads for each method, from its source: the readers of
/// most methods need a server around them.
enum MethodSource {
    static func readers() throws -> [String: Set<String>] {
        [
            "session.open": try members("Server/Calls/SessionCalls.swift", "func openSession("),
            "account.signIn": try members("Server/Calls/AccountCalls.swift", "func signIn("),
            "heartbeat": try members("Server/Calls/SessionCalls.swift", "func heartbeat(")
                .subtracting(["number", "confirmed"]),
            "pattern.create": try members(
                "Social/Patterns/NewPattern.swift", "init(_ object: JSON.Object"),
            "pattern.get": try members("Server/Calls/PatternCalls.swift", "func getPattern("),
            "room.join": try members("Wire/Messages/JoinRequest.swift", "JSON.Object) throws"),
            "room.leave": try members("Server/Calls/RoomCalls.swift", "func leaveRoom("),
            "room.edit": try members("Wire/Messages/EditRequest.swift", "JSON.Object) throws"),
            "room.presence": try members("Server/Calls/RoomCalls.swift", "func touch("),
            "room.heal": try members("Server/Calls/RoomCalls.swift", "func heal("),
        ]
    }

    /// The names that a function reads through `Params`, or as a field of a new pattern.
    private static func members(_ file: String, _ function: String) throws -> Set<String> {
        let text = try Repository.text("Sources/" + file)
        guard let start = text.firstRange(of: function)?.lowerBound else { return [] }
        // To the end of a declaration that is a member of a type.
        let end = text[start...].firstRange(of: "\n    }\n")?.lowerBound ?? text.endIndex
        let body = text[start..<end]
        let readers = "identifier|replica|integer|text|bool|object|array|texts|optional"
        let reader = try Regex<(Substring, Substring)>(
            "(?:\\.(?:\(readers))\\(|read\\(|name: )\"([A-Za-z]+)\"")
        return Set(body.matches(of: reader).map { String($0.output.1) })
    }
}
