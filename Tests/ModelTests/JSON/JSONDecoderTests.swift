import Testing

@testable import Model

@Suite struct JSONDecoderTests {
    private struct Step: Codable, Hashable {
        enum Kind: String, Codable { case tap, pause }

        let kind: Kind
        let count: UInt8
        let weight: Double?
    }

    private struct Dance: Codable, Hashable {
        let name: String
        let isFast: Bool
        let steps: [Step]
        let counts: [String: Int]
        let rest: [Int?]
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSON.parse(Array(text.utf8)).decoded(as: type)
    }

    @Test func `Values nest, and members that nobody asked for are passed over`() throws {
        let dance = try decode(
            Dance.self,
            """
            {"name":"Rueda","isFast":true,"more":{"a":[1]},"counts":{"clave":2},"rest":[1,null],
             "steps":[{"kind":"tap","count":255,"weight":0.5},{"kind":"pause","count":0}]}
            """)
        #expect(
            dance
                == Dance(
                    name: "Rueda", isFast: true,
                    steps: [
                        Step(kind: .tap, count: 255, weight: 0.5),
                        Step(kind: .pause, count: 0, weight: nil),
                    ], counts: ["clave": 2], rest: [1, nil]))
        #expect(try decode([Double].self, "[1,0.5]") == [1, 0.5])
        #expect(try decode(Int?.self, "null") == nil)
        #expect(try decode(Step?.self, #"{"kind":"tap","count":1,"weight":null}"#)?.count == 1)
    }

    @Test(arguments: [
        (#"{"kind":"tap","count":256}"#, "count"), (#"{"kind":"tap","count":-1}"#, "count"),
        (#"{"kind":"tap","count":"1"}"#, "count"), (#"{"kind":"tap","count":1.5}"#, "count"),
        (#"{"kind":"tap","count":true}"#, "count"), (#"{"kind":"jump","count":1}"#, "kind"),
        (#"{"kind":1,"count":1}"#, "kind"), (#"{"kind":"tap","count":1,"weight":""}"#, "weight"),
    ])
    func `Nothing is converted, and the error tells where`(text: String, member: String) throws {
        do {
            _ = try decode([Step].self, "[\(text)]")
            Issue.record("taken")
        } catch let error as DecodingError {
            let context: DecodingError.Context? =
                switch error {
                case .typeMismatch(_, let context), .dataCorrupted(let context),
                    .valueNotFound(_, let context), .keyNotFound(_, let context):
                    context
                @unknown default: nil
                }
            #expect(context?.codingPath.map(\.stringValue) == ["0", member])
        }
    }

    @Test func `What is missing, or of another shape, is an error`() {
        for text in ["{}", "[]", "1", #"{"kind":"tap"}"#, "null"] {
            #expect(throws: DecodingError.self) { try decode(Step.self, text) }
        }
        #expect(throws: DecodingError.self) { try decode([Int].self, "{}") }
        #expect(throws: DecodingError.self) { try decode(Bool.self, "1") }
    }
}
