import Model
import Testing

import Transport

struct DeadlineHeapTests {
    @Test func `Keys come due in the order of their deadlines and not before`() {
        var heap = DeadlineHeap<Int>()
        for (key, at) in [5, 1, 4, 2, 3].enumerated() { heap.set(key, at: .seconds(at)) }
        #expect(heap.earliest() == .seconds(1))
        #expect(heap.popDue(now: .milliseconds(999)) == nil)
        var order: [Int] = []
        while let key = heap.popDue(now: .seconds(3)) { order.append(key) }
        #expect(order == [1, 3, 4])
        #expect(heap.earliest() == .seconds(4))
        #expect(heap.count == 2)
    }

    @Test func `A timer moved later does not fire at its old deadline`() {
        var heap = DeadlineHeap<String>()
        heap.set("idle", at: .seconds(1))
        heap.set("idle", at: .seconds(9))
        #expect(heap.earliest() == .seconds(9))
        #expect(heap.popDue(now: .seconds(8)) == nil)
        #expect(heap.popDue(now: .seconds(9)) == "idle")
        #expect(heap.popDue(now: .seconds(99)) == nil)
    }

    @Test func `A timer cancelled and set again fires once, at the new deadline`() {
        var heap = DeadlineHeap<String>()
        heap.set("a", at: .seconds(3))
        heap.cancel("a")
        heap.cancel("a")
        #expect(heap.earliest() == nil)
        heap.set("a", at: .seconds(5))
        heap.set("a", at: .seconds(4))
        #expect(heap.popDue(now: .seconds(3)) == nil)
        #expect(heap.popDue(now: .seconds(5)) == "a")
        #expect(heap.popDue(now: .seconds(9)) == nil)
    }

    @Test func `Re-arming and cancelling for ever does not grow the heap`() {
        var heap = DeadlineHeap<Int>()
        for step in 0..<100_000 {
            heap.set(step % 10, at: .seconds(1_000_000 - step))
            if step % 3 == 0 { heap.cancel(step % 10) }
        }
        #expect(heap.entryCount <= 2 * 10 + DeadlineHeap<Int>.staleEntriesMax + 1)
    }

    @Test func `Random use agrees with a plain dictionary`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        var heap = DeadlineHeap<Int>()
        var model: [Int: Int] = [:]
        for step in 0..<50_000 {
            let key = Int.random(in: 0..<50, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let at = step + Int.random(in: 0..<200, using: &random)
                heap.set(key, at: .seconds(at))
                model[key] = at
            case 2:
                heap.cancel(key)
                model[key] = nil
            default:
                #expect(heap.earliest() == model.values.min().map { .seconds($0) }, "seed \(seed)")
                var due: [Int] = []
                while let key = heap.popDue(now: .seconds(step)) { due.append(key) }
                let times = due.compactMap { model[$0] }
                #expect(times == times.sorted(), "seed \(seed)")
                #expect(Set(due) == Set(model.filter { $0.value <= step }.keys), "seed \(seed)")
                for key in due { model[key] = nil }
            }
            #expect(heap.count == model.count, "seed \(seed)")
        }
    }
}
