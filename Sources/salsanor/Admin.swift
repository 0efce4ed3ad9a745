import ArgumentParser
import Glibc
import Model
import Server
import Transport

/// `salsanor admin`: looks after the people and patterns of a server on this machine.
struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after people and patterns, on the server's machine.",
        discussion: """
            Works on a data directory: through the server that runs on it, as the user that runs \
            it, or on the directory itself when no server does. Every act is logged with its \
            reason. The first administrator is made with: salsanor admin grant <email>
            """,
        subcommands: [
            Users.self, Grant.self, Revoke.self, Ban.self, Unban.self, RemovePattern.self,
            RestorePattern.self, RemoveComment.self, Sessions.self, RevokeSession.self, Log.self,
        ])

    /// What each of them needs.
    struct Place: ParsableArguments {
        @Option(help: "Data directory of the server.")
        var data = "salsanor-data"

        private var desk: AdministrationDesk { AdministrationDesk(dataPath: absolute(data)) }

        func call(_ method: String, _ params: JSON.Object) throws -> JSON.Object {
            do {
                return try desk.call(method, params)
            } catch {
                StandardOutput.errorLine("salsanor: \(error)")
                throw ExitCode.failure
            }
        }

        /// The id of the account with this address, or this id.
        func user(_ text: String) throws -> JSON {
            if Identifier(text) != nil { return .string(text) }
            let found = try call("admin.users", ["text": .string(text)])
            let accounts = found["users"]?.array ?? []
            // The list has whose address begins like that; this one is meant whole.
            let isIt = { (account: JSON) in
                account.object?["email"]?.string?.lowercased() == text.lowercased()
            }
            guard let id = accounts.first(where: isIt)?.object?["id"] else {
                StandardOutput.errorLine("salsanor: no account with the address \(text)")
                throw ExitCode.failure
            }
            return id
        }

        /// All pages of a list, a line each.
        func list(
            _ method: String, _ params: JSON.Object, _ member: String,
            line: (JSON.Object) -> String
        ) throws {
            var params = params
            while true {
                let page = try call(method, params)
                for row in page[member]?.array ?? [] {
                    StandardOutput.line(line(row.object ?? [:]))
                }
                guard let next = page["next"] else { return }
                params["cursor"] = next
            }
        }
    }

    struct Act: ParsableArguments {
        @Option(help: "Why, for the log.")
        var reason = "on the command line"
    }

    struct Users: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")
        @OptionGroup var place: Place
        @Argument(help: "The beginning of an address, or an id; all accounts if left out.")
        var text: String?

        func run() async throws {
            let params: JSON.Object = text.map { ["text": .string($0)] } ?? [:]
            try place.list("admin.users", params, "users", line: Admin.account)
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an administrator.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Address or id of the account.") var user: String

        func run() async throws { try setAdmin(place, act, user, true) }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End that somebody is an administrator.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Address or id of the account.") var user: String

        func run() async throws { try setAdmin(place, act, user, false) }
    }

    struct Ban: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep somebody from signing in, and end their sessions at once.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Address or id of the account.") var user: String

        func run() async throws { try setActive(place, act, user, false) }
    }

    struct Unban: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a ban.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Address or id of the account.") var user: String

        func run() async throws { try setActive(place, act, user, true) }
    }

    struct RemovePattern: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a pattern; its owner cannot restore it.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Its id.") var pattern: String

        func run() async throws {
            _ = try place.call(
                "admin.removePattern",
                ["pattern": .string(pattern), "reason": .string(act.reason)])
            StandardOutput.line("removed \(pattern)")
        }
    }

    struct RestorePattern: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restore a pattern that was removed or deleted, within 7 days.",
            aliases: ["restore"])
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Its id.") var pattern: String

        func run() async throws {
            _ = try place.call(
                "admin.restorePattern",
                ["pattern": .string(pattern), "reason": .string(act.reason)])
            StandardOutput.line("restored \(pattern)")
        }
    }

    struct RemoveComment: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a comment.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Its id.") var comment: String

        func run() async throws {
            _ = try place.call(
                "admin.removeComment",
                ["comment": .string(comment), "reason": .string(act.reason)])
            StandardOutput.line("removed \(comment)")
        }
    }

    struct Sessions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List somebody's sessions.")
        @OptionGroup var place: Place
        @Argument(help: "Address or id of the account.") var user: String

        func run() async throws {
            try place.list("admin.sessions", ["user": try place.user(user)], "sessions") { row in
                [
                    row["id"]?.string, row["address"]?.string, row["agent"]?.string,
                    "made", row["createdAtMs"]?.int.map(String.init), "used",
                    row["lastUsedAtMs"]?.int.map(String.init),
                ].compactMap { $0 }.joined(separator: " ")
            }
        }
    }

    struct RevokeSession: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session and its sockets at once.")
        @OptionGroup var place: Place
        @OptionGroup var act: Act
        @Argument(help: "Its id.") var session: String

        func run() async throws {
            _ = try place.call(
                "admin.revokeSession",
                ["session": .string(session), "reason": .string(act.reason)])
            StandardOutput.line("ended \(session)")
        }
    }

    struct Log: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what administrators did, newest first.")
        @OptionGroup var place: Place

        func run() async throws {
            try place.list("admin.log", [:], "acts") { row in
                [
                    row["createdAtMs"]?.int.map(String.init),
                    row["administrator"]?.string ?? "(this machine)", row["action"]?.string,
                    row["target"]?.string, row["reason"]?.string,
                ].compactMap { $0 }.joined(separator: " ")
            }
        }
    }
}

extension Admin {
    static func account(_ row: JSON.Object) -> String {
        var words = [row["id"]?.string, row["email"]?.string, row["displayName"]?.string]
        if row["isAdmin"]?.bool == true { words.append("administrator") }
        if row["bannedAtMs"]?.int != nil {
            words.append("banned")
        } else if row["isActive"]?.bool == false {
            words.append("inactive")
        }
        if row["deletedAtMs"]?.int != nil { words.append("deleted") }
        return words.compactMap { $0 }.joined(separator: " ")
    }
}

private func setAdmin(
    _ place: Admin.Place, _ act: Admin.Act, _ user: String, _ isAdmin: Bool
) throws {
    try change(
        "admin.setAdmin", place, act, user, ["isAdmin": .bool(isAdmin)])
}

private func setActive(
    _ place: Admin.Place, _ act: Admin.Act, _ user: String, _ isActive: Bool
) throws {
    try change("admin.setActive", place, act, user, ["isActive": .bool(isActive)])
}

private func change(
    _ method: String, _ place: Admin.Place, _ act: Admin.Act, _ user: String, _ more: JSON.Object
) throws {
    var params = more
    params["user"] = try place.user(user)
    params["reason"] = .string(act.reason)
    let answer = try place.call(method, params)
    StandardOutput.line(Admin.account(answer["user"]?.object ?? [:]))
}
