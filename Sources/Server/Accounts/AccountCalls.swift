import Model
import Social
import Storage
import Wire

/// From the methods of `Protocol/accounts.md` to what does them.
extension Shard {
    /// - Parameter method: one of `account.*` of this page.
    func callAccount(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ peer: Peer,
        _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        switch method {
        case .accountRegister: try register(params, peer, reply)
        case .accountSignIn: try signIn(params, peer, reply)
        case .accountSignOut: try write(SignOut(), method, params, by: caller, reply)
        case .accountSignOutEverywhere:
            try write(SignOutEverywhere(), method, params, by: caller, reply)
        case .accountSessions: try read(ListOwnSessions(), by: caller, reply)
        case .accountRevokeSession:
            try write(
                RevokeOwnSession(session: try reader.identifier("session")), method, params,
                by: caller, reply)
        case .accountGet: try read(GetAccount(), by: caller, reply)
        case .accountUpdate:
            try write(UpdateProfile(params: params), method, params, by: caller, reply)
        case .accountSetPreferences:
            try write(SetPreferences(params: params), method, params, by: caller, reply)
        case .accountChangePassword: try changePassword(params, by: caller, peer, reply)
        case .accountDeactivate, .accountDelete:
            let command = LeaveAccount(deletes: method == .accountDelete)
            try writeConfirmed(
                method, params, password: params["password"]?.string, needsPassword: false,
                by: caller, peer, reply
            ) { _ in command }
        case .accountExport:
            try read(ExportAccount(cursor: params["cursor"]?.string), by: caller, reply)
        default: throw WireError(.methodNotFound, "no method of accounts")
        }
    }

    private func changePassword(
        _ params: JSON.Object, by caller: Caller, _ peer: Peer, _ reply: Reply
    ) throws(WireError) {
        let new = try Params(params).text("newPassword")
        try writeConfirmed(
            .accountChangePassword, params, password: params["password"]?.string,
            needsPassword: true, by: caller, peer, reply
        ) { user in
            try PasswordRule.check(new, email: user.email, member: "newPassword")
            return ChangePassword(newHash: try PasswordHash.hash(new))
        }
    }
}
