/// Deadlines by key, the earliest first: idle, handshake and heartbeat timers of one loop.
///
/// Moving a deadline later, which every message of a peer does to its idle timer, only writes the
/// table; the heap learns of it when the old entry surfaces. Cancelling only removes from the
/// table. Entries that stand for nothing any more are at most as many as the live ones plus
/// `staleEntriesMax`: then the heap is built again.
package struct DeadlineHeap<Key: Hashable & Sendable>: Sendable {
    /// Stale heap entries tolerated beyond the number of live keys.
    package static var staleEntriesMax: Int { 64 }

    private struct Slot {
        var deadline: Duration
        /// The deadline of the heap entry that stands for this key; never later than `deadline`.
        var queued: Duration
    }

    private struct Entry {
        let deadline: Duration
        let key: Key
    }

    private var slots: [Key: Slot] = [:]
    private var heap: [Entry] = []

    package init() {}

    package var count: Int { slots.count }
    package var isEmpty: Bool { slots.isEmpty }

    /// Heap entries, stale ones included; for the test of the bound.
    package var entryCount: Int { heap.count }

    /// Arms or re-arms the timer of `key`. A key has one deadline: the last one set.
    package mutating func set(_ key: Key, at deadline: Duration) {
        if let slot = slots[key], slot.queued <= deadline {
            slots[key] = Slot(deadline: deadline, queued: slot.queued)
            return
        }
        slots[key] = Slot(deadline: deadline, queued: deadline)
        push(Entry(deadline: deadline, key: key))
        if heap.count > 2 * slots.count + Self.staleEntriesMax { rebuild() }
    }

    /// Forgets `key`; harmless when it has no timer.
    package mutating func cancel(_ key: Key) {
        guard slots.removeValue(forKey: key) != nil else { return }
        if heap.count > 2 * slots.count + Self.staleEntriesMax { rebuild() }
    }

    package func deadline(of key: Key) -> Duration? { slots[key]?.deadline }

    /// The earliest deadline, or nil when nothing is armed.
    package mutating func earliest() -> Duration? {
        settleTop()
        return heap.isEmpty ? nil : heap[0].deadline
    }

    /// Removes and returns the earliest key whose deadline is at or before `now`.
    package mutating func popDue(now: Duration) -> Key? {
        settleTop()
        guard !heap.isEmpty, heap[0].deadline <= now else { return nil }
        let top = heap[0]
        popTop()
        slots[top.key] = nil
        return top.key
    }

    /// Makes the top of the heap a live entry that says its key's real deadline.
    private mutating func settleTop() {
        // Not `first`: in generic code that allocates, in each turn of a loop.
        while !heap.isEmpty {
            let top = heap[0]
            guard let slot = slots[top.key], slot.queued == top.deadline else {
                popTop()
                continue
            }
            if slot.deadline == top.deadline { return }
            slots[top.key] = Slot(deadline: slot.deadline, queued: slot.deadline)
            heap[0] = Entry(deadline: slot.deadline, key: top.key)
            siftDown(from: 0)
        }
    }

    private mutating func rebuild() {
        heap.removeAll(keepingCapacity: true)
        for (key, slot) in slots {
            slots[key] = Slot(deadline: slot.deadline, queued: slot.deadline)
            heap.append(Entry(deadline: slot.deadline, key: key))
        }
        var index = heap.count / 2
        while index > 0 {
            index -= 1
            siftDown(from: index)
        }
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func popTop() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(from: 0)
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2)
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
