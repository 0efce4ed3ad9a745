import Model
package import Storage
import Transport

/// `salsanor seed`: a database full of believable people and patterns, for trying out and for
/// measuring.
package enum Seed {
    /// Everybody's, with the address `seed-<number>@example.org`. Its stored form is a cheap one,
    /// so that many can sign in at once; it is replaced at the first sign-in.
    package static let password = "salsa-seed"
    private static let passwordHash =
        "$argon2id$v=19$m=8,t=1,p=1$c2Fsc2Fub3Itc2VlZC0wMQ"
        + "$Rp4lIarMwuss1+3dq13NQE38jvhWQ9iyWSYoU42LDvM"

    package enum Failure: Error, CustomStringConvertible {
        case data(DataDirectoryError)
        case notEmpty

        package var description: String {
            switch self {
            case .data(let error): "\(error)"
            case .notEmpty:
                """
                The data directory has users already. Choose another one, or give --force to add \
                to them.
                """
            }
        }
    }

    /// Rows in one transaction.
    private static let batchRows = 50_000
    private static let activitySlices = 50

    /// Fills a data directory that no server holds.
    ///
    /// - Parameters:
    ///   - path: absolute.
    ///   - force: adds to a database that has users; once for each seed.
    ///   - report: progress, in words.
    /// - Throws: `Failure`, or what the database says.
    package static func run(
        path: String, size: SeedSize, seed: UInt64, force: Bool, report: (String) -> Void
    ) throws {
        let directory: DataDirectory
        do throws(DataDirectoryError) {
            directory = try DataDirectory(path: path)
        } catch {
            throw Failure.data(error)
        }
        defer { directory.release() }
        let nowMs = EventLoop.wallClockMs
        let opened = try directory.openDatabase(nowMs: nowMs)
        defer { try? opened.database.close() }
        guard try force || opened.database.read({ try UserStore($0).isEmpty() }) else {
            throw Failure.notEmpty
        }
        // Whole days, so that runs of one day give the same rows.
        let endMs = nowMs / 86_400_000 * 86_400_000
        report("thinking of \(size.users) people and \(size.patterns) patterns")
        let data = SeedData(size: size, seed: seed, endMs: endMs)
        let writer = SeedWriter(data: data, seed: seed, passwordHash: passwordHash)
        for (name, count, write) in writer.parts {
            for start in stride(from: 0, to: count, by: batchRows) {
                let rows = start..<min(start + batchRows, count)
                try opened.database.write { connection in
                    try SeedStore(connection).enlargeCache()
                    for row in rows { try write(connection, row) }
                }
                report("\(name) \(rows.upperBound) of \(count)")
            }
            try opened.database.checkpoint(emptying: true)
        }
        // In slices, so that no transaction is larger than those above.
        let slice = max(1, (endMs - data.startMs) / Int64(activitySlices) + 1)
        for number in 0..<activitySlices {
            let fromMs = data.startMs + Int64(number) * slice
            try opened.database.write {
                try SeedStore($0).activities(fromMs: fromMs, toMs: fromMs + slice)
            }
            report("activities \(number + 1) of \(activitySlices) spans")
        }
        try opened.database.checkpoint(emptying: true)
    }
}
