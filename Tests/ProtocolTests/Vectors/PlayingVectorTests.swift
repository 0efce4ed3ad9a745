import Model
import Testing

@Suite("vectors of the beat") struct PlayingVectorTests {
    @Test("playing.json: which step sounds when")
    func playing() throws {
        let file = try VectorFile("playing")
        #expect(try file.json.integer("leadMs") == Int64(Limits.playingLeadMs))
        for (name, vector) in try file.cases() {
            var beat = Beat()
            var tempo = Beat.Tempo(flavor: .salsa) { $0 == .salsa ? 180 : 160 }
            for (index, step) in try #require(vector["steps"]?.array).enumerated() {
                let nowMs = try step.integer("atMs")
                if step["start"] != nil {
                    beat.start(tempo, nowMs: nowMs)
                } else if let stop = step["stop"] {
                    beat.stop(soon: stop["soon"]?.bool ?? false, nowMs: nowMs)
                } else {
                    let document = try step.member("document")
                    let flavor = try #require(Flavor(rawValue: document.text("flavor")))
                    let bpm = try document.member("bpm")
                    tempo = Beat.Tempo(flavor: flavor) { bpm[$0.rawValue]?.int ?? 0 }
                    beat.follow(tempo, nowMs: nowMs)
                }
                #expect(.object(beat.json) == step["state"], "\(name), step \(index + 1)")
                let read = try step.member("state")
                #expect(Beat(json: read) == beat, "\(name), step \(index + 1)")
            }
            for sound in try #require(vector["sounds"]?.array) {
                let ms = try sound.integer("atMs")
                let expected = sound["step"]?.int.flatMap { step in
                    sound["part"]?.int.map { step * BeatSegment.partsPerStep + $0 }
                }
                #expect(beat.parts(atMs: ms) == expected, "\(name), at \(ms)")
            }
        }
    }
}
