import Model
import Storage
import Testing

/// history.md#entries, on the disk.
@Suite struct HistoryStoreTests {
    private func row(_ number: Int64, bytes: Int = 10, ms: Int64 = Samples.nowMs) -> HistoryRow {
        HistoryRow(
            firstNumber: number, number: number, user: Samples.id(1), editCount: 1, paths: "[]",
            firstMs: ms, lastMs: ms, document: Array(repeating: 32, count: bytes))
    }

    @Test func entriesAreListedNewestFirstInPages() throws {
        let house = try House(rooms: 1)
        let pattern = Samples.id(100)
        try house.database.write {
            try HistoryStore($0).append(
                (0..<5).map { row($0) }, to: pattern, nowMs: Samples.nowMs)
        }
        try house.database.read { connection in
            let store = HistoryStore(connection)
            let first = try store.page(of: pattern, after: .newest, limit: 3)
            #expect(first.elements.map(\.row.number) == [4, 3, 2])
            #expect(first.elements.first?.userName == "Ana 1")
            let next = try #require(first.next)
            let second = try store.page(of: pattern, after: next, limit: 3)
            #expect(second.elements.map(\.row.number) == [1, 0])
            #expect(second.next == nil)
            #expect(try store.lastNumber(of: pattern) == 4)
            #expect(try store.document(of: pattern, at: 3)?.count == 10)
            #expect(try store.document(of: pattern, at: 9) == nil)
        }
    }

    @Test func whatIsTooOldOrTooMuchIsForgottenAndTheNewestStays() throws {
        let house = try House(rooms: 1)
        let pattern = Samples.id(100)
        let dayMs: Int64 = 86_400_000
        let laterMs = Samples.nowMs + Int64(Limits.historyDays + 1) * dayMs
        try house.database.write { connection in
            let store = HistoryStore(connection)
            try store.append([row(0), row(1), row(2)], to: pattern, nowMs: Samples.nowMs)
            try store.append([row(3, ms: laterMs)], to: pattern, nowMs: laterMs)
            let kept = try store.page(of: pattern, after: .newest, limit: 50).elements
            #expect(kept.map(\.row.number) == [3])
            // A quarter of the cap each: the sixth leaves four.
            for number in Int64(4)..<10 {
                try store.append(
                    [row(number, bytes: Limits.historyBytesMax / 4, ms: laterMs)], to: pattern,
                    nowMs: laterMs)
            }
            let large = try store.page(of: pattern, after: .newest, limit: 50).elements
            #expect(large.map(\.row.number) == [9, 8, 7, 6])
        }
    }
}
