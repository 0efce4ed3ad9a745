import Foundation
import Glibc
import Storage
import Testing

@Suite struct DataDirectoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/data" }

    @Test func theFolderAndItsFilesBelongToTheOwnerAlone() throws {
        let directory = try DataDirectory(path: path)
        _ = try directory.openDatabase(nowMs: 1)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o700)
        // Also in a folder that was there before, and is open to others.
        for file in try FileManager.default.contentsOfDirectory(atPath: path) {
            let found = try FileManager.default.attributesOfItem(atPath: path + "/" + file)
            #expect(found[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test func aSecondServerIsToldWhoHoldsTheDirectory() throws {
        let directory = try DataDirectory(path: path)
        #expect(throws: DataDirectoryError.inUse(path: path, pid: getpid())) {
            try DataDirectory(path: path)
        }
        withExtendedLifetime(directory) {}
    }

    @Test func theLockIsFreeAgainAfterwards() throws {
        _ = try DataDirectory(path: path)
        _ = try DataDirectory(path: path)
    }

    @Test func unusablePathsAreExplained() throws {
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(throws: DataDirectoryError.notADirectory(path: path)) {
            try DataDirectory(path: path)
        }
        #expect(throws: DataDirectoryError.notAbsolute(path: "data")) {
            try DataDirectory(path: "data")
        }
        let orphan = folder.path + "/no/data"
        #expect(
            throws: DataDirectoryError.notWritable(
                path: orphan, reason: "its parent does not exist")
        ) { try DataDirectory(path: orphan) }
        // The one place where even root may not make files.
        let error = #expect(throws: DataDirectoryError.self) { try DataDirectory(path: "/proc/x") }
        #expect(error?.description.contains("/proc/x") == true)
    }

    @Test func anOrdinaryRestartKeepsTheEpoch() throws {
        let first = try serve(nowMs: 1_000, commits: 3)
        let second = try serve(nowMs: 2_000, commits: 1)
        #expect(first.incarnation.epochMs == 1_000)
        #expect(second.incarnation.epochMs == 1_000)
        #expect(second.incarnation.commits == 3)
        #expect(!first.rewound && !second.rewound)
    }

    @Test func aFileThatLagsIsNoRewinding() throws {
        _ = try serve(nowMs: 1_000, commits: 1)
        let lagging = try Data(contentsOf: incarnation)
        _ = try serve(nowMs: 2_000, commits: 5)
        try lagging.write(to: incarnation)
        let opened = try serve(nowMs: 3_000, commits: 0)
        #expect(!opened.rewound)
        #expect(opened.incarnation.epochMs == 1_000)
    }

    @Test func anOlderDatabasePutBackBeginsAnEpoch() throws {
        _ = try serve(nowMs: 1_000, commits: 1)
        let copy = folder.path + "/copy"
        try FileManager.default.copyItem(atPath: path + "/database.sqlite", toPath: copy)
        _ = try serve(nowMs: 2_000, commits: 5)
        try FileManager.default.removeItem(atPath: path + "/database.sqlite")
        try FileManager.default.moveItem(atPath: copy, toPath: path + "/database.sqlite")
        // The clock stepped back meanwhile: the epoch still grows.
        let opened = try serve(nowMs: 10, commits: 1)
        #expect(opened.rewound)
        #expect(opened.incarnation.epochMs == 1_001)
        let next = try serve(nowMs: 3_000, commits: 0)
        #expect(!next.rewound)
        #expect(next.incarnation.epochMs == 1_001)
    }

    @Test(arguments: ["lost", "damaged"])
    func aRecordThatIsGoneBeginsAnEpoch(_ how: String) throws {
        _ = try serve(nowMs: 1_000, commits: 1)
        if how == "lost" {
            try FileManager.default.removeItem(at: incarnation)
        } else {
            var bytes = try Data(contentsOf: incarnation)
            bytes[20] ^= 1
            try bytes.write(to: incarnation)
        }
        let opened = try serve(nowMs: 2_000, commits: 0)
        #expect(opened.rewound)
        #expect(opened.incarnation.epochMs == 2_000)
    }

    @Test func theRoomsOfARewoundDatabaseAreOfTheNewEpoch() throws {
        var house: House? = try House()
        let path = try #require(house?.directory.path)
        let folder = house?.folder
        let old = try #require(house?.epoch)
        try house?.database.close()
        house = nil
        try FileManager.default.removeItem(atPath: path + "/incarnation")
        let directory = try DataDirectory(path: path)
        let opened = try directory.openDatabase(nowMs: old - 5)
        let room = try opened.database.read { try RoomStore($0).open(Samples.id(100)) }
        #expect(room?.epoch == old + 1)
        withExtendedLifetime(folder) {}
    }

    private var incarnation: URL { URL(fileURLWithPath: path + "/incarnation") }

    private func serve(nowMs: Int64, commits: Int) throws -> OpenedDatabase {
        let directory = try DataDirectory(path: path)
        let opened = try directory.openDatabase(nowMs: nowMs)
        let writer = JournalWriter(database: opened.database, incarnation: directory)
        for _ in 0..<commits { _ = try writer.commit([]) }
        try opened.database.close()
        return opened
    }
}
