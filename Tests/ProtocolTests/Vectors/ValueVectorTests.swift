import CRDT
import Model
import SourceFiles
import Testing
import Wire

@Suite("vectors of values") struct ValueVectorTests {
    @Test("canonical.json: RFC 8785 and the hash")
    func canonical() throws {
        for (name, vector) in try VectorFile("canonical").cases() {
            let value = try JSON.parse(Array(vector.text("json").utf8))
            let text = try vector.text("canonical")
            #expect(value.canonicalText.utf8.elementsEqual(text.utf8), "\(name)")
            let hash = StateHash.text(ofCanonical: value.canonical())
            #expect(hash == vector["hash"]?.string, "\(name)")
        }
    }

    @Test("merge-patch.json: RFC 7396")
    func mergePatch() throws {
        for (name, vector) in try VectorFile("merge-patch").cases() {
            var document = try vector.member("document")
            document.merge(try vector.member("patch"))
            #expect(document == vector["expected"], "\(name)")
        }
    }

    @Test("normalise.json: what a raw state shows")
    func normalise() throws {
        for (name, vector) in try VectorFile("normalise").cases() {
            let state = try Document(json: vector.member("state"), catalogue: .current)
            #expect(state.view(catalogue: .current) == vector["document"], "\(name)")
            #expect(state.stateHash(catalogue: .current) == vector["hash"]?.string, "\(name)")
        }
    }

    @Test("stamps.json: the clock defence")
    func stamps() throws {
        for (name, vector) in try VectorFile("stamps").cases() {
            let author = ReplicaID(rawValue: 1)
            let other = Dot(replica: ReplicaID(rawValue: 2), seq: 1)
            var document = Document()
            var edit = Edit()
            for (index, field) in (vector["fields"]?.array ?? []).enumerated() {
                let path = FieldPath.pattern(name: "field\(index)")
                let stamp = try #require(Hexadecimal.word(try field.text("stamp")))
                document.fields[path] = Register(
                    value: .bool(false), stamp: Stamp(rawValue: stamp), dot: other,
                    number: field["seen"]?.bool == true ? 1 : 2)
                edit.sets.append(Edit.Assignment(path: path, value: .bool(true)))
            }
            let last = try #require(Hexadecimal.word(try vector.text("last")))
            let stamp = document.stamp(
                for: edit, seen: Seen(replica: author, through: 1),
                claimedMs: vector["claimedMs"]?.int, wallClockMs: try vector.integer("wallMs"),
                last: Stamp(rawValue: last))
            #expect(stamp.text == vector["expected"]?.string, "\(name)")
        }
    }
}
