import Foundation
import Model
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@testable import Server

@Suite struct ThumbnailTests {
    private func svg(_ title: String, _ configuration: String = "{}") throws -> String {
        Thumbnail.svg(
            title: title, flavor: .salsa,
            configuration: try JSON.parse(Array(configuration.utf8)), catalogue: .current)
    }

    @Test func `It is XML, whatever the title`() throws {
        for title in [
            "Son", "</svg><script>alert(1)</script>", #"a&b <"'> c"#, "\u{FFFE}\u{FFFF}\u{1}x",
            "Güiro 🪘", String(repeating: "é", count: 200), "]]>", "&amp;",
        ] {
            let text = try svg(title, #"{"instruments":[{"id":"clave"},{"id":"congas"}]}"#)
            let parser = XMLParser(data: Data(text.utf8))
            #expect(parser.parse(), "\(title): \(String(describing: parser.parserError))")
            #expect(!text.contains("<script"))
        }
    }

    @Test func `A stroke for each step, dim where it does not sound`() throws {
        let clave = try #require(Catalogue.current.flavor(.salsa).instrument(.clave))
        let program = clave.programs[0]
        let text = try svg(
            "x", #"{"instruments":[{"id":"clave","activeProgram":0,"enabled":false}]}"#)
        let strokes = text.components(separatedBy: "rx=").count - 1
        #expect(
            strokes == program.strokes.count * Catalogue.current.quantumSteps
                / program.lengthSteps)
        #expect(text.contains("#5a4f60"))
    }

    @Test func `What the catalogue does not know is left out`() throws {
        for configuration in [
            #"{"instruments":[{"id":"oboe"}]}"#, #"{"instruments":7}"#, "[]", "null",
            #"{"instruments":[5,{"id":5},{"id":"clave","activeProgram":99}]}"#,
        ] {
            _ = try svg("x", configuration)
        }
    }

    @Test func `Only its own path names a pattern`() {
        let id = House.id(5)
        #expect(Thumbnail.pattern(ofPath: Thumbnail.path(of: id)) == id)
        for path in [
            "/v1/patterns/x/thumbnail.svg", "/v1/patterns/\(id)/", "/v1/patterns/\(id)/a.svg",
            "v1/patterns/\(id)/thumbnail.svg", "/v1/patterns/\(id)/thumbnail.svg/",
        ] {
            #expect(Thumbnail.pattern(ofPath: path) == nil)
        }
    }

    @Test func `The title of a fork fits`() {
        #expect(ForkPattern.title(of: "Son") == "Son (fork)")
        let long = ForkPattern.title(of: String(repeating: "é", count: 200))
        #expect(long.unicodeScalars.count == 200 && long.hasSuffix(" (fork)"))
    }
}
