import CRDT
import Model
import TestSupport
import Testing

/// merge.md#normalise, merge.md#canonical-form-and-hash, rooms.md#deltas.
@Suite struct ViewTests {
    private static let catalogue = Fixture.catalogue
    private static let seeds = TestEnvironment.seeds(
        count: TestEnvironment.integer("SALSANOR_HISTORIES", default: 100))

    /// RFC 7396 §2, for every cursor that a client can have.
    @Test func `The patch since any cursor takes the view there to the view at the head`() throws {
        for seed in Self.seeds {
            let history = RandomHistory(seed: seed, editCount: 20)
            let head = history.last.view(catalogue: Self.catalogue)
            for (cursor, state) in history.states.enumerated() {
                var view = state.view(catalogue: Self.catalogue)
                let patch = history.last.patch(since: Int64(cursor), catalogue: Self.catalogue)
                if let patch { view.merge(patch) }
                try #require(view == head, "seed \(seed), cursor \(cursor)")
            }
        }
    }

    @Test func `The patch of a joined delta takes any view at or after its start to its end`()
        throws
    {
        for seed in Self.seeds.prefix(30) {
            let history = RandomHistory(seed: seed, editCount: 12)
            for from in history.states.indices {
                var joined = Document()
                for through in from..<history.deltas.count {
                    joined.join(history.deltas[through])
                    let end = history.states[through + 1]
                    let patch = end.patch(
                        since: Int64(from), touching: joined, catalogue: Self.catalogue)
                    for start in from...through {
                        var view = history.states[start].view(catalogue: Self.catalogue)
                        if let patch { view.merge(patch) }
                        try #require(
                            view == end.view(catalogue: Self.catalogue),
                            "seed \(seed): \(from)...\(through) on \(start)")
                    }
                }
            }
        }
    }

    @Test func `The head needs no patch`() {
        let history = RandomHistory(seed: 1, editCount: 10)
        #expect(history.last.patch(since: 10, catalogue: Self.catalogue) == nil)
    }

    // MARK: - Coding

    @Test func `A state survives being written and read`() throws {
        for seed in Self.seeds {
            for state in RandomHistory(seed: seed, editCount: 15).states {
                let bytes = state.json.serialised()
                let read = try Document(json: JSON.parse(bytes), catalogue: Self.catalogue)
                #expect(read == state, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [
        JSON(2.5), JSON(1e300), .integer(.max), .integer(.min), .string("é"), .bool(true),
        JSON(-0.0), JSON(5e-324),
    ])
    func `An unknown field survives being written and read`(value: JSON) throws {
        let path = FieldPath.pattern(name: "tune")
        let scalar = try FieldRule.unknown.accept(value)
        var state = Fixture.document
        state.fields[path] = Register(initial: scalar)
        let bytes = state.json.serialised()
        let read = try Document(json: JSON.parse(bytes), catalogue: Self.catalogue)
        #expect(read == state)
        #expect(
            read.canonical(catalogue: Self.catalogue) == state.canonical(catalogue: Self.catalogue))
    }

    @Test(arguments: [
        "null", "{}", #"{"number":1,"fields":{"/title":["a"]},"instruments":{}}"#,
        #"{"number":1,"fields":{"title":["a","0","0",1,1]},"instruments":{}}"#,
        #"{"number":1,"fields":{},"instruments":{"/machines/Salsa/instruments/clave":{}}}"#,
    ])
    func `What is no state is not read`(text: String) throws {
        let json = try JSON.parse(Array(text.utf8))
        #expect(throws: Document.Unreadable.self) {
            try Document(json: json, catalogue: Self.catalogue)
        }
    }

    // MARK: - Normalise

    /// Values as another catalogue, or a damaged row, could have left them.
    private static func strange(seed: UInt64) -> Document {
        var random = SplitMix64(seed: seed)
        var document = RandomHistory(seed: seed, editCount: 8).last
        let values: [Scalar] = [
            .integer(-5), .integer(10_000), .hundredths(900), .hundredths(-1), .text(""),
            .text("Bachata"), .text("a\u{0}b"), .bool(true), .number(0.5), .integer(.max),
        ]
        var paths: [FieldPath] = ["title", "description", "flavor", "other"].map {
            .pattern(name: $0)
        }
        for flavor in Flavor.allCases {
            paths += ["bpm", "keyNote", "other"].map { .machine(flavor, name: $0) }
            // An instrument that this flavor does not have is there as well.
            for id in InstrumentID.allCases {
                let path = InstrumentPath(flavor: flavor, instrument: id)
                if Bool.random(using: &random) { document.instruments[path] = .initial }
                paths += (Normalised.instrumentFields + ["other"]).map {
                    .instrument(path, name: $0)
                }
            }
        }
        for path in paths where Bool.random(using: &random) {
            document.fields[path] = Register(
                initial: values.randomElement(using: &random) ?? .bool(true))
        }
        return document
    }

    @Test func `The view is total and valid whatever the state holds`() throws {
        for seed in Self.seeds {
            let view = Self.strange(seed: seed).view(catalogue: Self.catalogue)
            for (pointer, value) in Self.leaves(view) {
                guard case .field(let path) = try DocumentPath(pointer: pointer) else {
                    Issue.record("\(pointer) is no field")
                    continue
                }
                let rule = FieldRule.rule(for: path, catalogue: Self.catalogue)
                #expect(throws: Never.self, "seed \(seed), \(pointer) \(value)") {
                    try rule.accept(value)
                }
            }
        }
    }

    @Test func `The view of a view is the view`() throws {
        for seed in Self.seeds {
            let strange = Self.strange(seed: seed)
            let view = strange.view(catalogue: Self.catalogue)
            var again = Document()
            for (path, presence) in strange.instruments where presence.isPresent {
                again.instruments[path] = .initial
            }
            for (pointer, value) in Self.leaves(view) {
                guard case .field(let path) = try DocumentPath(pointer: pointer) else { continue }
                let rule = FieldRule.rule(for: path, catalogue: Self.catalogue)
                again.fields[path] = Register(initial: try rule.accept(value))
            }
            #expect(again.view(catalogue: Self.catalogue) == view, "seed \(seed)")
        }
    }

    private static func leaves(_ value: JSON, at pointer: String = "") -> [(String, JSON)] {
        guard let object = value.object else { return [(pointer, value)] }
        return object.members.flatMap { leaves($0.value, at: "\(pointer)/\($0.key)") }
    }

    // MARK: - Canonical form

    @Test func `States that show the same have the same hash, whatever made them so`() throws {
        for seed in Self.seeds.prefix(30) {
            let history = RandomHistory(seed: seed, editCount: 10)
            var joined = Fixture.document
            for delta in history.deltas.reversed() { joined.join(delta) }
            #expect(
                joined.stateHash(catalogue: Self.catalogue)
                    == history.last.stateHash(catalogue: Self.catalogue))
            let canonical = history.last.canonical(catalogue: Self.catalogue)
            #expect(try JSON.parse(canonical).canonical() == canonical)
        }
    }

    @Test func `The canonical form is RFC 8785 and the hash half a SHA-256`() {
        let document = Document(
            title: "A", description: "", flavor: .merengue, bpm: nil, keyNote: 3, instruments: [],
            catalogue: Self.catalogue)
        let text = String(decoding: document.canonical(catalogue: Self.catalogue), as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"description":"","flavor":"Merengue","machines":{"Merengue":{"bpm":"#))
        #expect(text.contains(#""instruments":{},"keyNote":3},"Salsa":{"bpm":"#))
        let hash = document.stateHash(catalogue: Self.catalogue)
        #expect(hash.utf8.count == 32)
        #expect(hash == StateHash.text(ofCanonical: Array(text.utf8)))
        // SHA-256 of the empty text (FIPS 180-4).
        #expect(StateHash.text(ofCanonical: []) == "e3b0c44298fc1c149afbf4c8996fb924")
    }

    /// Found by fuzzing: the log could not go on from there.
    @Test(arguments: [-1, 1 << 53 + 1, .max] as [Int64])
    func `A state whose number has no next one is refused`(number: Int64) {
        let json: JSON = ["number": .integer(number), "fields": [:], "instruments": [:]]
        #expect(throws: Document.Unreadable.self) {
            try Document(json: json, catalogue: Self.catalogue)
        }
    }
}
