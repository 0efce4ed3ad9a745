import CRDT
import Model
import Rooms
import SourceFiles
import Testing
import Wire

@Suite("vectors of rooms") struct RoomVectorTests {
    @Test("edits.json: verdicts, stamps, documents and hashes")
    func edits() throws {
        let file = try VectorFile("edits")
        for (name, vector) in try file.cases() {
            let state = try vector["state"] ?? file.json.member("state")
            var room = try VectorRoom(file: file, state: state)
            let steps = try #require(vector["steps"]?.array)
            for step in steps {
                try room.admit(VectorRoom.replica(of: step.member("edit")))
            }
            for (index, step) in steps.enumerated() {
                let place: Comment = "\(name), step \(index + 1)"
                let expected = try step.member("expected")
                let answer = try room.edit(
                    step.member("edit"), wallMs: step.integer("wallMs"))
                Self.expect(answer, expected, place)
                let document = room.room.committed.view(catalogue: .current)
                #expect(document == expected["document"], place)
                #expect(
                    room.room.committed.stateHash(catalogue: .current)
                        == expected["hash"]?.string, place)
            }
        }
    }

    private static func expect(
        _ answer: VectorRoom.Answer, _ expected: JSON, _ place: Comment
    ) {
        switch answer {
        case .accepted(let number, let stamp):
            #expect(
                expected["accepted"] == ["number": .integer(number), "stamp": .string(stamp)],
                place)
        case .refused(let error):
            expect(error, expected["refused"], place)
        case .retry(let code):
            #expect(expected["retry"]?.string == code.rawValue, place)
        case .repeated(let error):
            if let error {
                expect(error, expected["repeated"], place)
            } else {
                #expect(expected["repeated"] == .null, place)
            }
        }
    }

    /// Only the members that the vector has are compared.
    private static func expect(_ error: WireError, _ expected: JSON?, _ place: Comment) {
        let verdict = Verdict(seq: 0, error: error).json
        guard let members = expected?.object?.members else {
            Issue.record("refused with \(verdict.canonicalText): \(place)")
            return
        }
        for (key, value) in members { #expect(verdict[key] == value, place) }
    }

    @Test("resume.json: patches since any cursor")
    func resume() throws {
        let file = try VectorFile("resume")
        for (name, vector) in try file.cases() {
            var room = try VectorRoom(file: file, state: file.json.member("state"))
            let edits = try #require(vector["edits"]?.array)
            for step in edits { try room.admit(VectorRoom.replica(of: step.member("edit"))) }
            for step in edits {
                guard
                    case .accepted = try room.edit(
                        step.member("edit"), wallMs: step.integer("wallMs"))
                else {
                    Issue.record("\(name): an edit was refused")
                    continue
                }
            }
            for expected in try #require(vector["resumes"]?.array) {
                let place: Comment = "\(name), cursor \(expected["cursor"]?.canonicalText ?? "")"
                let cursor = try expected["cursor"]?.object.map { try Cursor($0) }
                let result = try room.listen(cursor: cursor).json
                for (key, value) in expected.object?.members ?? [] where key != "cursor" {
                    #expect(result[key] == value, place)
                }
            }
        }
    }
}
