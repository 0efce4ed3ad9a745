/// Every method of the protocol. `Protocol/wire.md#methods`; a test compares the two tables.
package enum Method: String, CaseIterable, Sendable {
    case sessionOpen = "session.open"
    case sessionRenew = "session.renew"
    case accountRegister = "account.register"
    case accountSignIn = "account.signIn"
    case accountSignOut = "account.signOut"
    case accountSignOutEverywhere = "account.signOutEverywhere"
    case accountSessions = "account.sessions"
    case accountRevokeSession = "account.revokeSession"
    case accountGet = "account.get"
    case accountUpdate = "account.update"
    case accountSetPreferences = "account.setPreferences"
    case accountChangePassword = "account.changePassword"
    case accountDeactivate = "account.deactivate"
    case accountDelete = "account.delete"
    case accountExport = "account.export"
    case accountRequestVerification = "account.requestVerification"
    case accountVerifyEmail = "account.verifyEmail"
    case accountChangeEmail = "account.changeEmail"
    case accountRequestPasswordReset = "account.requestPasswordReset"
    case accountResetPassword = "account.resetPassword"
    case accountProviders = "account.providers"
    case accountSignInWith = "account.signInWith"
    case accountLink = "account.link"
    case accountUnlink = "account.unlink"
    case heartbeat
    case clock
    case streamOpen = "stream.open"
    case streamClose = "stream.close"
    case feedList = "feed.list"
    case patternCreate = "pattern.create"
    case patternGet = "pattern.get"
    case patternDiscover = "pattern.discover"
    case patternList = "pattern.list"
    case patternUpdate = "pattern.update"
    case patternPublish = "pattern.publish"
    case patternUnpublish = "pattern.unpublish"
    case patternDelete = "pattern.delete"
    case patternRestore = "pattern.restore"
    case patternDeleted = "pattern.deleted"
    case patternFork = "pattern.fork"
    case patternPlay = "pattern.play"
    case patternCollaborators = "pattern.collaborators"
    case patternInvite = "pattern.invite"
    case patternAnswerInvitation = "pattern.answerInvitation"
    case patternInvitations = "pattern.invitations"
    case patternSetRole = "pattern.setRole"
    case patternRemoveCollaborator = "pattern.removeCollaborator"
    case patternShare = "pattern.share"
    case patternLinks = "pattern.links"
    case patternUnshare = "pattern.unshare"
    case patternOpenLink = "pattern.openLink"
    case historyList = "history.list"
    case historyGet = "history.get"
    case historyRestore = "history.restore"
    case versionCreate = "version.create"
    case versionList = "version.list"
    case versionRename = "version.rename"
    case versionDelete = "version.delete"
    case patternLike = "pattern.like"
    case patternUnlike = "pattern.unlike"
    case patternLikes = "pattern.likes"
    case commentCreate = "comment.create"
    case commentList = "comment.list"
    case commentReplies = "comment.replies"
    case commentUpdate = "comment.update"
    case commentDelete = "comment.delete"
    case userGet = "user.get"
    case userFollow = "user.follow"
    case userUnfollow = "user.unfollow"
    case userFollowers = "user.followers"
    case userFollowing = "user.following"
    case userBlock = "user.block"
    case userUnblock = "user.unblock"
    case userBlocked = "user.blocked"
    case inboxList = "inbox.list"
    case inboxGroups = "inbox.groups"
    case inboxMarkRead = "inbox.markRead"
    case inboxSettings = "inbox.settings"
    case inboxSetSettings = "inbox.setSettings"
    case inboxMutePattern = "inbox.mutePattern"
    case inboxUnmutePattern = "inbox.unmutePattern"
    case adminUsers = "admin.users"
    case adminSetActive = "admin.setActive"
    case adminSetAdmin = "admin.setAdmin"
    case adminRemovePattern = "admin.removePattern"
    case adminRestorePattern = "admin.restorePattern"
    case adminRemoveComment = "admin.removeComment"
    case adminSessions = "admin.sessions"
    case adminRevokeSession = "admin.revokeSession"
    case adminLog = "admin.log"
    case roomJoin = "room.join"
    case roomLeave = "room.leave"
    case roomEdit = "room.edit"
    case roomPresence = "room.presence"
    case roomHeal = "room.heal"
    case roomTransport = "room.transport"
    case roomLead = "room.lead"

    /// The least that may call.
    package enum Caller: String, CaseIterable, Sendable {
        case anyone, guest, user, admin
    }

    package var description: MethodDescription {
        switch self {
        case .sessionOpen: SessionMethods.open
        case .heartbeat: SessionMethods.heartbeat
        case .clock: SessionMethods.clock
        case .streamOpen: StreamMethods.open
        case .streamClose: StreamMethods.close
        case .feedList: FeedMethods.list
        case .sessionRenew: AccountMethods.renew
        case .accountRegister: AccountMethods.register
        case .accountSignIn: AccountMethods.signIn
        case .accountSignOut: AccountMethods.signOut
        case .accountSignOutEverywhere: AccountMethods.signOutEverywhere
        case .accountSessions: AccountMethods.sessions
        case .accountRevokeSession: AccountMethods.revokeSession
        case .accountGet: ProfileMethods.get
        case .accountUpdate: ProfileMethods.update
        case .accountSetPreferences: ProfileMethods.setPreferences
        case .accountChangePassword: ProfileMethods.changePassword
        case .accountDeactivate: ProfileMethods.deactivate
        case .accountDelete: ProfileMethods.delete
        case .accountExport: ProfileMethods.export
        case .accountRequestVerification: MailMethods.requestVerification
        case .accountVerifyEmail: MailMethods.verifyEmail
        case .accountChangeEmail: MailMethods.changeEmail
        case .accountRequestPasswordReset: MailMethods.requestPasswordReset
        case .accountResetPassword: MailMethods.resetPassword
        case .accountProviders: ProviderMethods.providers
        case .accountSignInWith: ProviderMethods.signInWith
        case .accountLink: ProviderMethods.link
        case .accountUnlink: ProviderMethods.unlink
        case .patternCreate: PatternMethods.create
        case .patternGet: PatternMethods.get
        case .patternDiscover: DiscoverMethods.discover
        case .patternList: PatternMethods.list
        case .patternUpdate: PatternMethods.update
        case .patternPublish: PatternMethods.publish
        case .patternUnpublish: PatternMethods.unpublish
        case .patternDelete: PatternMethods.delete
        case .patternRestore: PatternMethods.restore
        case .patternDeleted: PatternMethods.deleted
        case .patternFork: PatternMethods.fork
        case .patternPlay: PatternMethods.play
        case .patternCollaborators: SharingMethods.collaborators
        case .patternInvite: SharingMethods.invite
        case .patternAnswerInvitation: SharingMethods.answerInvitation
        case .patternInvitations: SharingMethods.invitations
        case .patternSetRole: SharingMethods.setRole
        case .patternRemoveCollaborator: SharingMethods.removeCollaborator
        case .patternShare: SharingMethods.share
        case .patternLinks: SharingMethods.links
        case .patternUnshare: SharingMethods.unshare
        case .patternOpenLink: SharingMethods.openLink
        case .historyList: HistoryMethods.list
        case .historyGet: HistoryMethods.get
        case .historyRestore: HistoryMethods.restore
        case .versionCreate: HistoryMethods.create
        case .versionList: HistoryMethods.versions
        case .versionRename: HistoryMethods.rename
        case .versionDelete: HistoryMethods.delete
        case .patternLike: SocialMethods.like
        case .patternUnlike: SocialMethods.unlike
        case .patternLikes: SocialMethods.likes
        case .commentCreate: SocialMethods.createComment
        case .commentList: SocialMethods.listComments
        case .commentReplies: SocialMethods.listReplies
        case .commentUpdate: SocialMethods.updateComment
        case .commentDelete: SocialMethods.deleteComment
        case .userGet: SocialMethods.getUser
        case .userFollow: SocialMethods.follow
        case .userUnfollow: SocialMethods.unfollow
        case .userFollowers: SocialMethods.followers
        case .userFollowing: SocialMethods.following
        case .userBlock: SocialMethods.block
        case .userUnblock: SocialMethods.unblock
        case .userBlocked: SocialMethods.blocked
        case .inboxList: InboxMethods.list
        case .inboxGroups: InboxMethods.groups
        case .inboxMarkRead: InboxMethods.markRead
        case .inboxSettings: InboxMethods.getSettings
        case .inboxSetSettings: InboxMethods.setSettings
        case .inboxMutePattern: InboxMethods.mute
        case .inboxUnmutePattern: InboxMethods.unmute
        case .adminUsers: AdminMethods.users
        case .adminSetActive: AdminMethods.setActive
        case .adminSetAdmin: AdminMethods.setAdmin
        case .adminRemovePattern: AdminMethods.removePattern
        case .adminRestorePattern: AdminMethods.restorePattern
        case .adminRemoveComment: AdminMethods.removeComment
        case .adminSessions: AdminMethods.sessions
        case .adminRevokeSession: AdminMethods.revokeSession
        case .adminLog: AdminMethods.log
        case .roomJoin: RoomMethods.join
        case .roomLeave: RoomMethods.leave
        case .roomEdit: RoomMethods.edit
        case .roomPresence: RoomMethods.presence
        case .roomHeal: RoomMethods.heal
        case .roomTransport: PlayingMethods.transport
        case .roomLead: PlayingMethods.lead
        }
    }

    package var caller: Caller { description.caller }
    package var needsStream: Bool { description.needsStream }
}
