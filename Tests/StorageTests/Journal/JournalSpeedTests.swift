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
        arguments: [1, 16, 256])
    func commitsPerSecond(_ edits: Int) throws {
        let house = try House(rooms: 256)
        let writer = house.writer()
        var numbers = [Int64](repeating: 0, count: edits)
        let seconds = 2.0
        var commits = 0
        var start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(seconds) {
            let items = numbers.indices.map { room in
                JournalItem.room(
                    Samples.commit(
                        100 + UInt64(room), epoch: house.epoch, after: numbers[room]))
            }
            let outcomes = try writer.commit(items)
            let allCommitted = outcomes.allSatisfy(\.isCommitted)
            #expect(allCommitted)
            for room in numbers.indices { numbers[room] += 1 }
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
        FileHandle.standardError.write(
            Data("\(edits) rooms: \(journal) commits/s, bare \(syncs)/s, ratio \(ratio)\n".utf8))
    }
}
