import CRDT
import Model
import Testing

@Suite struct TagLimitTests {
    @Test func `However many write without a base, an instrument keeps a bounded number of tags`() {
        let path = InstrumentPath(flavor: .salsa, instrument: .congas)
        var document = Document(
            title: "t", description: "", flavor: .salsa, bpm: nil, keyNote: nil,
            instruments: nil, catalogue: .current)
        for number in Int64(1)...200 {
            let replica = ReplicaID(rawValue: UInt64(number))
            document.append(
                document.delta(
                    for: Edit(adds: [path]), dot: Dot(replica: replica, seq: 1),
                    stamp: Stamp(rawValue: UInt64(number)), number: number,
                    seen: Seen(replica: replica, through: 0)))
        }
        let tags = document.instruments[path]?.tags ?? []
        #expect(tags.count == Limits.tagsPerInstrumentMax)
        #expect(tags.map(\.number) == Array(169...200), "the newest")
        // One who saw all but the last removes: the last keeps the instrument.
        let remover = ReplicaID(rawValue: 1_000)
        let removal = document.delta(
            for: Edit(removes: [path]), dot: Dot(replica: remover, seq: 1),
            stamp: Stamp(rawValue: 300), number: 201, seen: Seen(replica: remover, through: 199))
        document.append(removal)
        #expect(document.isPresent(path))
    }
}
