import Foundation
import Glibc
import Model
import Storage
import Testing

/// Commits per second beside a bare loop of pwrite and fdatasync of the same bytes; run with
/// `STORAGE_MEASURE=1`, in release.
@Suite struct JournalSpeedTests {
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["STORAGE_MEASURE"] != nil),
        arguments: [(1, 1), (16, 1), (256, 1), (1, 16), (1, 256)], [true, false])
    func commitsPerSecond(_ batch: (rooms: Int, editsEach: Int), savepoints: Bool) throws {
        let edits = batch.rooms * batch.editsEach
        let house = try House(rooms: 256)
        let writer = house.writer()
        var numbers = [Int64](repeating: 0, count: batch.rooms)
        let seconds = 1.0
        var commits = 0
        var start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(seconds) {
            let items = numbers.indices.map { room in
                Samples.commit(
                    100 + UInt64(room), epoch: house.epoch, after: numbers[room],
                    count: Int64(batch.editsEach))
            }
            if savepoints {
                let outcomes = try writer.commit(items.map { .room($0) })
                let allCommitted = outcomes.allSatisfy(\.isCommitted)
                #expect(allCommitted)
            } else {
                try house.database.write { connection in
                    for item in items { try RoomStore(connection).append(item) }
                }
            }
            for room in numbers.indices { numbers[room] += Int64(batch.editsEach) }
            commits += 1
        }
        let journal = Double(commits) / seconds

        let file = unsafe open(house.folder.path + "/bare", O_RDWR | O_CREAT, 0o600)
        defer { close(file) }
        let bytes = [UInt8](repeating: 1, count: 120 * edits)
        var bare = 0
        start = .now
        while start.duration(to: .now) < .seconds(seconds) {
            let written = unsafe bytes.withUnsafeBytes {
                // SAFETY: the buffer is valid during the call and as long as its count.
                unsafe pwrite(file, $0.baseAddress, $0.count, off_t(bare * $0.count))
            }
            #expect(written == bytes.count)
            #expect(fdatasync(file) == 0)
            bare += 1
        }
        let syncs = Double(bare) / seconds
        let ratio = ((journal / syncs) * 1_000).rounded() / 1_000
        let line =
            "\(batch), savepoints \(savepoints): \(journal) commits/s, bare \(syncs)/s, "
            + "ratio \(ratio)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
