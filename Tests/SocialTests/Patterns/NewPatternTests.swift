import Model
import Social
import Testing
import Wire

@Suite struct NewPatternTests {
    private let base: JSON.Object = [
        "title": "Son", "opId": "0198c5f0-0000-7000-8000-000000000001",
    ]

    private func make(_ changes: JSON.Object) throws(WireError) -> NewPattern {
        var object = base
        for (key, value) in changes.members { object[key] = value }
        return try NewPattern(object, catalogue: .current)
    }

    @Test func `what is left out has the catalogue's value`() throws {
        let pattern = try make([:])
        #expect(pattern.flavor == .salsa)
        #expect(pattern.bpm == nil)
        #expect(pattern.keyNote == nil)
        #expect(pattern.isPublic)
        #expect(pattern.instruments == nil)
    }

    @Test func `a configuration names its instruments, by alias too`() throws {
        let pattern = try make([
            "configuration": ["instruments": [["id": "bongo", "volume": 0.5]]]
        ])
        #expect(pattern.instruments?.map(\.id) == [.bongos])
        #expect(pattern.instruments?.first?.values["volume"] == .hundredths(50))
    }

    private static let bad: [(name: String, value: JSON, path: String)] = [
        ("title", "", "/title"),
        ("title", .string(String(repeating: "x", count: 201)), "/title"),
        ("title", "a\u{7}b", "/title"), ("title", 3, "/title"),
        ("opId", "x", "/opId"),
        ("flavor", "Bachata", "/flavor"),
        ("bpm", 79, "/bpm"), ("bpm", 251, "/bpm"), ("bpm", "fast", "/bpm"),
        ("keyNote", 12, "/keyNote"),
        ("isPublic", 1, "/isPublic"),
        ("configuration", [], "/configuration"),
        ("configuration", ["instruments": [["id": "oboe"]]], "/configuration/instruments/0/id"),
        (
            "configuration", ["instruments": [["id": "clave"], ["id": "clave"]]],
            "/configuration/instruments/1/id"
        ),
        (
            "configuration", ["instruments": [["id": "clave", "volume": 2]]],
            "/configuration/instruments/0/volume"
        ),
        (
            "configuration", ["instruments": [["id": "clave", "a/b": 2]]],
            "/configuration/instruments/0/a/b"
        ),
    ]

    @Test(arguments: bad)
    func `a bad member is refused by its path`(_ name: String, _ value: JSON, _ path: String) {
        do throws(WireError) {
            _ = try make([name: value])
            Issue.record("taken")
        } catch {
            #expect(error.name == .invalidParams)
            #expect(error.path == path)
            #expect(error.allowed?.isEmpty == false)
        }
    }
}
