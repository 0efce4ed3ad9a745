import Model
import Storage
import Testing
import Wire

@testable import Server

@Suite struct SignedCursorTests {
    static let nowMs: Int64 = 1_790_000_000_000
    static let dayMs: Int64 = 86_400_000

    let folder: TemporaryFolder
    let directory: DataDirectory

    init() throws {
        folder = try TemporaryFolder()
        directory = try DataDirectory(path: folder.path + "/data")
    }

    private func keys(nowMs: Int64 = nowMs) throws -> CursorKeys {
        try CursorKeys(directory: directory, nowMs: nowMs)
    }

    private static let place: JSON = ["createdMs": 5, "id": "x"]
    private static let query: JSON = ["flavor": "Salsa"]

    private func isTaken(
        _ text: String, by cursors: SignedCursor, kind: String = "list", query: JSON = query
    ) -> Bool {
        (try? cursors.decode(kind: kind, query: query, text)) == Self.place
    }

    @Test func itGoesOnWithTheSameQuestionOnly() throws {
        let cursors = SignedCursor(keys: try keys())
        let text = cursors.encode(kind: "list", query: Self.query, body: Self.place)
        #expect(isTaken(text, by: cursors))
        #expect(!isTaken(text, by: cursors, kind: "other"))
        #expect(!isTaken(text, by: cursors, query: ["flavor": "Merengue"]))
        #expect(!isTaken(text, by: cursors, query: .null))
        #expect(throws: WireError.self) { try cursors.decode(kind: "list", text, path: "/after") }
        do throws(WireError) {
            _ = try cursors.decode(kind: "other", text, path: "/after")
        } catch {
            #expect(error.name == .invalidParams && error.path == "/after")
        }
    }

    @Test func noCharacterOfItCanBeChanged() throws {
        let cursors = SignedCursor(keys: try keys())
        let text = cursors.encode(kind: "list", query: Self.query, body: Self.place)
        for index in text.indices {
            for other in "AQgw-_" where other != text[index] {
                var changed = text
                changed.replaceSubrange(index...index, with: [other])
                #expect(!isTaken(changed, by: cursors), "\(changed)")
            }
        }
        for shorter in 0..<text.count {
            #expect(!isTaken(String(text.prefix(shorter)), by: cursors))
        }
        #expect(!isTaken(text + "A", by: cursors))
        #expect(!isTaken(text + "=", by: cursors))
    }

    @Test func keysSurviveARestartAndOneRotation() throws {
        let text = SignedCursor(keys: try keys()).encode(
            kind: "list", query: Self.query, body: Self.place)
        let rotated = CursorKeys.rotationDays * Self.dayMs
        #expect(isTaken(text, by: SignedCursor(keys: try keys(nowMs: Self.nowMs + rotated - 1))))
        let running = try keys(nowMs: Self.nowMs + rotated)
        #expect(isTaken(text, by: SignedCursor(keys: running)))
        try running.rotateIfDue(nowMs: Self.nowMs + 2 * rotated)
        #expect(!isTaken(text, by: SignedCursor(keys: running)))
    }

    @Test func anotherServersCursorsAreRefused() throws {
        let other = try TemporaryFolder()
        let foreign = SignedCursor(
            keys: try CursorKeys(
                directory: try DataDirectory(path: other.path + "/data"), nowMs: Self.nowMs))
        let text = foreign.encode(kind: "list", query: Self.query, body: Self.place)
        #expect(!isTaken(text, by: SignedCursor(keys: try keys())))
    }

    @Test func aDamagedFileIsReplaced() throws {
        _ = try keys()
        try directory.replace(file: CursorKeys.fileName, [1, 2, 3])
        let made = SignedCursor(keys: try keys())
        let text = made.encode(kind: "list", query: Self.query, body: Self.place)
        #expect(isTaken(text, by: SignedCursor(keys: try keys())))
    }
}
