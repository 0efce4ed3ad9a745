/// All the SQL that the server runs, for the tests that judge it.
package enum StatementCatalogue {
    package static let all: [String] =
        texts(UserStatement.self) + texts(SessionStatement.self) + texts(PatternStatement.self)
        + texts(RoomStatement.self) + texts(HistoryStatement.self)
        + texts(VersionStatement.self) + texts(OperationStatement.self)
        + texts(SearchStatement.self) + texts(SeedStatement.self)
        + texts(MailStatement.self) + texts(AccountSecretStatement.self)
        + texts(NonceStatement.self)
        + texts(ThrottleStatement.self) + texts(FamiliarNetworkStatement.self)
        + texts(ExportStatement.self)
        + texts(LikeStatement.self) + texts(CommentStatement.self)
        + texts(FollowStatement.self) + texts(BlockStatement.self)
        + texts(ProfileStatement.self) + texts(StandingStatement.self)
        + texts(FeedStatement.self)
        + texts(ActivityStatement.self) + texts(CollaboratorStatement.self)
        + texts(ShareLinkStatement.self) + texts(PlayStatement.self)
        + texts(InboxStatement.self) + texts(NoticeSettingStatement.self)
        + texts(MentionStatement.self) + texts(DigestStatement.self)
        + texts(SweepStatement.self) + texts(QuotaStatement.self)
        + texts(AdministrationStatement.self) + texts(MetaStatement.self)
        + texts(MigrationStatement.self)

    private static func texts<S: SQLStatement>(_ statements: S.Type) -> [String] {
        statements.allCases.map(\.rawValue)
    }
}
