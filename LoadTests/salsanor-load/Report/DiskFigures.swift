import Model
import Transport

/// What the disk under a run can do by itself: no acknowledgement is faster than its sync.
struct DiskFigures: Sendable {
    private static let syncCount = 200

    let p50Ms: Double
    let p99Ms: Double
    let maxMs: Double
    /// What the server was told to add to each of its syncs; not in the other figures.
    let addedMs: Int

    /// Measures the disk of `folder`, on a thread of its own. Before the load, not beside it.
    static func measure(in folder: String, addedMs: Int) async throws -> DiskFigures {
        let worker = WorkerPool(label: "disk", width: 1, waitingMax: 1)
        let measured = try await worker.run {
            Result { try DiskSync.measure(in: folder, count: syncCount) }
        }
        var latency = Latency()
        for time in try measured.get() { latency.record(time) }
        return DiskFigures(
            p50Ms: latency.milliseconds(percentile: 50),
            p99Ms: latency.milliseconds(percentile: 99), maxMs: latency.maxMilliseconds,
            addedMs: addedMs)
    }

    var text: String {
        let own = "p50 \(p50Ms.short) ms, p99 \(p99Ms.short) ms, max \(maxMs.short) ms"
        return addedMs == 0 ? own : own + "; the server adds \(addedMs) ms to each"
    }

    var json: JSON {
        [
            "p50Ms": JSON(p50Ms), "p99Ms": JSON(p99Ms), "maxMs": JSON(maxMs),
            "addedMs": .integer(Int64(addedMs)),
        ]
    }
}
