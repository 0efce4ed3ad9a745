import Storage
import Testing

/// The contract of the stores, on SQLite.
@Suite struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let contract: StoreContract<SQLiteDatabase>

    init() throws {
        folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.path + "/store.sqlite")
        try Migrator.migrate(database, nowMs: Samples.nowMs)
        contract = StoreContract(database: database)
    }

    @Test func usersAndPreferencesAreKept() throws { try contract.usersAndPreferences() }
    @Test func sessionsEndWithTheirUserAndTheirTime() throws { try contract.sessions() }
    @Test func patternsAreListedAndChecked() throws { try contract.patterns() }
    @Test func aRoomIsReadBackAsItWasCommitted() throws { try contract.rooms() }
    @Test func aCommitThatDoesNotFitItsRoomConflicts() throws { try contract.roomFence() }
    @Test func compactionKeepsWhatIsAboveTheFloor() throws { try contract.compaction() }
}
