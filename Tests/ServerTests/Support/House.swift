import Model
import Storage

/// An opened data directory with one user, who has patterns with rooms.
struct House {
    static let nowMs: Int64 = 1_790_000_000_000

    let folder: TemporaryFolder
    let directory: DataDirectory
    let database: SQLiteDatabase
    let epoch: Int64

    static func id(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }

    static let user = id(1)

    /// - Parameter rooms: patterns and rooms 100 ..< 100 + `rooms` to begin with.
    init(rooms: UInt64 = 0) throws {
        folder = try TemporaryFolder()
        directory = try DataDirectory(path: folder.path + "/data")
        let opened = try directory.openDatabase(nowMs: Self.nowMs)
        database = opened.database
        epoch = opened.incarnation.epochMs
        guard rooms > 0 else { return }
        try database.write { [epoch] connection in
            try Self.insertUser(connection)
            for number in 100..<100 + rooms {
                try PatternStore(connection).insert(Self.pattern(number))
                try RoomStore(connection).create(Self.id(number), epoch: epoch)
            }
        }
    }

    static func insertUser(_ connection: any Connection) throws {
        try UserStore(connection).insert(
            UserRecord(
                id: user, email: "ana@example.org", emailNormalised: "ana@example.org",
                passwordHash: "$argon2id$...", displayName: "Ana", createdMs: nowMs),
            preferences: PreferencesRecord(id: id(2), user: user, createdMs: nowMs))
    }

    static func pattern(
        _ number: UInt64, configuration: String = #"{"instruments":[]}"#
    ) -> PatternRecord {
        PatternRecord(
            id: id(number), owner: user,
            content: PatternContent(
                title: "Son montuno", description: nil, flavor: "Salsa", bpm: 180, keyNote: 0,
                configuration: configuration),
            isPublic: true, createdMs: nowMs)
    }

    func commit(_ room: UInt64, after number: Int64) -> RoomCommit {
        RoomCommit(
            pattern: Self.id(room), epoch: epoch, firstNumber: number + 1, lastNumber: number + 1,
            committedMs: Self.nowMs, edits: [1, 2, 3])
    }

    func head(_ room: UInt64) throws -> Int64? {
        try database.read { try RoomStore($0).head(Self.id(room))?.number }
    }
}
