import Client
import Model
import Storage
import TestSupport
import Testing
import Wire

/// history.md and playing.md through the whole server and the Swift client.
@Suite(.serialized) struct HistoryTests {
    private func entries(_ room: LiveRoom, atLeast count: Int) async throws -> [HistoryEntry] {
        for _ in 0..<200 {
            let entries = try await room.history()
            if entries.count >= count { return entries }
            // An entry appears when a hand has rested for a second.
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("no \(count) entries")
        return []
    }

    @Test func `What was changed is listed, looked at, restored, and named`() async throws {
        let house = try await SocialHouse(people: 2)
        let begun = try await house.clients[0].patterns.create(title: "Son")
        let (pattern, bpm) = (begun.id, begun.document.machines["Salsa"]?.bpm)
        let room = try await house.clients[0].join(pattern)
        try await room.edit(Edit(set: "/machines/Salsa/bpm", to: 222)).settled()
        let list = try await entries(room, atLeast: 2)
        #expect(list.map(\.editCount) == [1, 0])
        #expect(list.first?.paths == ["/machines/Salsa/bpm"])
        #expect(list.first?.userName == "Ana 0")
        let beginning = try #require(list.last?.number)
        #expect(try await room.document(at: beginning).machines["Salsa"]?.bpm == bpm)
        let made = try await house.call(
            0, .versionCreate, ["pattern": .string(pattern), "name": "Fast"])
        let version = try #require(made["version"]?.object?["id"])
        try await room.restore(number: beginning)
        let restored = try await house.clients[0].patterns.get(pattern)
        #expect(restored.document.machines["Salsa"]?.bpm == bpm)
        // Restored from the version, under one opId twice.
        let params: JSON.Object = [
            "pattern": .string(pattern), "version": version,
            "opId": .string(House.id(77).description),
        ]
        for _ in 0..<2 {
            let answer = try await house.clients[0].call(.historyRestore, params)
            #expect(answer["pattern"]?["machines"]?["Salsa"]?["bpm"] == 222)
        }
        #expect(await room.state?.number == 3)
        let renamed = try await house.call(
            0, .versionRename, ["version": version, "name": "Faster"])
        #expect(renamed["version"]?.object?["name"] == "Faster")
        let versions = try await house.call(0, .versionList, ["pattern": .string(pattern)])
        #expect(versions["versions"]?.array?.count == 1)
        #expect(versions["versions"]?.array?.first?["number"] == 1)

        // Not for strangers, although the pattern is public.
        let ask: JSON.Object = ["pattern": .string(pattern), "number": .integer(beginning)]
        #expect(await house.refusal(1, .historyList, ["pattern": .string(pattern)]) == "forbidden")
        #expect(await house.refusal(1, .historyGet, ask) == "forbidden")
        #expect(await house.refusal(1, .historyRestore, ask) == "forbidden")
        #expect(await house.refusal(1, .versionList, ["pattern": .string(pattern)]) == "forbidden")
        #expect(await house.refusal(1, .versionDelete, ["version": version]) == "forbidden")
        let vague: JSON.Object = ["pattern": .string(pattern)]
        #expect(await house.refusal(0, .historyGet, vague) == "invalidParams")
        var missing = ask
        missing["number"] = 99
        #expect(await house.refusal(0, .historyGet, missing) == "notFound")
        try await house.call(0, .versionDelete, ["version": version])
        #expect(await house.refusal(0, .versionDelete, ["version": version]) == "notFound")
        let id = try #require(Identifier(pattern))
        let rows = try await house.stop {
            try HistoryStore($0).page(of: id, after: .newest, limit: 50)
                .elements.map(\.row.editCount)
        }
        #expect(rows == [1, 1, 1, 0])
    }

    @Test func `Two clients hear the same step, and one takes back what it did`() async throws {
        let house = try await SocialHouse(people: 2, shards: 2)
        let begun = try await house.clients[0].patterns.create(title: "Son")
        let (pattern, bpm) = (begun.id, begun.document.machines["Salsa"]?.bpm)
        let owner = try await house.clients[0].join(pattern)
        let guest = try await house.clients[1].join(pattern)
        try await owner.play()
        var clocks: [ServerClock] = []
        for _ in 0..<400 {
            clocks = []
            for client in house.clients {
                if let clock = await client.clock, clock.probeCount > 5 { clocks.append(clock) }
            }
            let beat = await guest.beat
            if clocks.count == 2, let ms = clocks.first?.nowMs,
                beat?.step(atServerMs: Int64(ms)) != nil
            {
                break
            }
            // Probes are 100 ms apart, and the start lies ahead.
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(clocks.count == 2)
        let times = clocks.compactMap(\.nowMs)
        #expect(abs(times[0] - times[1]) < 10, "\(times)")
        let beats = [await owner.beat, await guest.beat]
        #expect(beats[0] == beats[1])
        #expect(beats[0]?.step(atServerMs: Int64(times[0])) != nil)
        await #expect(throws: ClientError.self) { try await guest.stop() }
        try await owner.stop(soon: true)

        try await owner.edit(Edit(set: "/machines/Salsa/bpm", to: 99)).settled()
        #expect(await owner.state?.canUndo == true)
        let undone = try #require(await owner.undo())
        #expect(undone.changed == ["/machines/Salsa/bpm"])
        try await undone.edit?.settled()
        #expect(await owner.confirmed?.machines["Salsa"]?.bpm == bpm)
        try await owner.redo()?.edit?.settled()
        #expect(await owner.confirmed?.machines["Salsa"]?.bpm == 99)
        _ = try await house.stop { _ in }
    }
}
