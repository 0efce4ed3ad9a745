import Model
import Storage

/// Rows to test with.
enum Samples {
    static let nowMs: Int64 = 1_790_000_000_000

    static func id(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }

    static func user(_ number: UInt64) -> UserRecord {
        UserRecord(
            id: id(number), email: "Ana\(number)@Example.org",
            emailNormalised: "ana\(number)@example.org", passwordHash: "$argon2id$...",
            displayName: "Ana \(number)", createdMs: nowMs)
    }

    static func preferences(_ number: UInt64) -> PreferencesRecord {
        PreferencesRecord(id: id(number + 1_000_000), user: id(number), createdMs: nowMs)
    }

    static func content(_ title: String = "Son montuno") -> PatternContent {
        PatternContent(
            title: title, description: nil, flavor: "Salsa", bpm: 180, keyNote: 0,
            configuration: #"{"instruments":[]}"#)
    }

    static func pattern(_ number: UInt64, owner: UInt64) -> PatternRecord {
        PatternRecord(
            id: id(number), owner: id(owner), content: content(), isPublic: true,
            createdMs: nowMs + Int64(number))
    }

    static func replica(_ replica: UInt64, user: UInt64, lastSeq: Int64) -> ReplicaRow {
        ReplicaRow(
            replica: replica, user: id(user), lastSeq: lastSeq, lastStamp: UInt64.max - 5,
            createdMs: nowMs, usedMs: nowMs)
    }

    /// A commit of `count` edits of 120 bytes each, by one replica.
    static func commit(
        _ pattern: UInt64, epoch: Int64, after number: Int64, count: Int64 = 1
    ) -> RoomCommit {
        RoomCommit(
            pattern: id(pattern), epoch: epoch, firstNumber: number + 1,
            lastNumber: number + count, committedMs: nowMs,
            edits: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 120 * Int(count)),
            replicas: [replica(7, user: 1, lastSeq: number + count)])
    }
}

/// An opened data directory with user 1 and the rooms of patterns 100 ..< 100 + rooms.
struct House {
    let folder: TemporaryFolder
    let directory: DataDirectory
    let database: SQLiteDatabase
    let epoch: Int64

    init(rooms: UInt64 = 1, options: SQLiteOptions = SQLiteOptions()) throws {
        folder = try TemporaryFolder()
        directory = try DataDirectory(path: folder.path + "/data")
        let opened = try directory.openDatabase(nowMs: Samples.nowMs, options: options)
        database = opened.database
        epoch = opened.incarnation.epochMs
        try database.write { [epoch] connection in
            try UserStore(connection).insert(Samples.user(1), preferences: Samples.preferences(1))
            for room in 0..<rooms {
                try PatternStore(connection).insert(Samples.pattern(100 + room, owner: 1))
                try RoomStore(connection).create(Samples.id(100 + room), epoch: epoch)
            }
        }
    }

    func writer() -> JournalWriter {
        JournalWriter(database: database, incarnation: directory)
    }

    func room(_ number: UInt64 = 100) throws -> RoomRecord? {
        try database.read { try RoomStore($0).open(Samples.id(number)) }
    }
}
