import Testing

@testable import Transport

struct RecordCursorTests {
    private static func cut(_ sizes: [Int], firstOffset: Int = 0) -> (sizes: [Int], all: [UInt8]) {
        let chunks = sizes.enumerated().map { index, size in
            [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: size)
        }
        var cursor = RecordCursor(chunks[...], firstOffset: firstOffset)
        var sizes: [Int] = []
        var all: [UInt8] = []
        while let record = unsafe cursor.withNextRecord({ unsafe [UInt8]($0) }) {
            sizes.append(record.count)
            all += record
        }
        #expect(all == Array(chunks.joined().dropFirst(firstOffset)))
        return (sizes, all)
    }

    @Test func `Small chunks share a record`() {
        #expect(Self.cut([20, 30, 40]).sizes == [90])
        #expect(Self.cut([20, 30, 40], firstOffset: 5).sizes == [85])
        #expect(Self.cut([20, 0, 40], firstOffset: 20).sizes == [40])
    }

    @Test func `Large chunks are cut where a record is full`() {
        #expect(Self.cut([40_000]).sizes == [16_384, 16_384, 7_232])
        #expect(Self.cut([16_384, 1]).sizes == [16_384, 1])
        #expect(Self.cut([10, 40_000]).sizes == [16_384, 16_384, 7_242])
        #expect(Self.cut([]).sizes == [])
    }

    @Test func `Random chunks lose nothing and fill their records`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        for _ in 0..<100 {
            let sizes = (0..<next(40) + 1).map { _ in next(8) == 0 ? next(50_000) : next(600) }
            let records = Self.cut(sizes).sizes
            #expect(records.allSatisfy { $0 > 0 && $0 <= 16_384 }, "seed \(seed)")
            #expect(
                records.count <= sizes.reduce(0, +) / 16_384 + sizes.count / 2 + 2, "seed \(seed)")
        }
    }
}
