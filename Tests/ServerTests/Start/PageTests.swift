import Foundation
import HTTP
import SourceFiles
import Testing

@testable import Server

@Suite struct PageTests {
    private static let folder = Repository.root + "/Sources/Server/Web/"

    private func paths() throws -> [String] {
        // Folders have no dot in their names.
        try FileManager.default.subpathsOfDirectory(atPath: Self.folder).filter {
            $0.contains(".")
        }
    }

    @Test func `Every file of the folder is served, and nothing else`() throws {
        let paths = try paths()
        #expect(Set(WebFiles.all.keys) == Set(paths + [WebFiles.cataloguePath, WebFiles.beatsPath]))
        for path in paths {
            let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: Self.folder + path)))
            let file = try #require(WebFiles.file(atPath: "/" + path))
            #expect(
                file.bytes == (path.hasSuffix(".js") ? WebFile.compact(bytes) : bytes),
                "\(path): list it in Sources/CWeb/CWeb.c")
            #expect(
                file.type.hasSuffix("; charset=utf-8") || path.hasSuffix(".svg"),
                "\(path) has no type")
            guard path.hasSuffix(".js") else { continue }
            // What the leaving out of comments relies on.
            for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") {
                #expect(!line.contains("/*") && !line.contains("*/"), "\(path): \(line)")
            }
        }
        #expect(WebFiles.file(atPath: "/")?.bytes == WebFiles.all["index.html"]?.bytes)
        #expect(WebFiles.file(atPath: "/client/") == nil)
    }

    @Test func `All files together are small`() {
        func sum(isLater: Bool) -> Int {
            WebFiles.all.filter { $0.key != WebFiles.cataloguePath }
                .filter { $0.key.hasPrefix(WebFiles.laterPrefix) == isLater }
                .values.reduce(0) { $0 + $1.bytes.count }
        }
        #expect(sum(isLater: false) <= WebFiles.bytesMax, "\(sum(isLater: false)) bytes")
        #expect(sum(isLater: true) <= WebFiles.laterBytesMax, "\(sum(isLater: true)) bytes")
    }

    @Test func `A browser that has the file is told so`() throws {
        let file = try #require(WebFiles.all["client.js"])
        let first = file.response(host: "example.org", ifNoneMatch: nil)
        #expect(first.status == .ok && first.body == file.bytes)
        #expect(first.headers["Access-Control-Allow-Origin"] == "*")
        let again = file.response(host: "example.org", ifNoneMatch: first.headers["ETag"])
        #expect(again.status == .notModified && again.body.isEmpty)
        let page = try #require(WebFiles.file(atPath: "/"))
        let response = page.response(host: "example.org", ifNoneMatch: "\"other\"")
        #expect(response.status == .ok)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        #expect(
            response.headers["Content-Security-Policy"]?.contains("unsafe") == false)
    }

    @Test func `Comments and indents go, lines stay`() {
        let code = "/** a\n * b\n */\nlet a = 1; // c\n  // d\n  x();\n/* e */\n"
        #expect(
            WebFile.compact(Array(code.utf8))
                == Array("\n\n\nlet a = 1; // c\n\nx();\n\n".utf8))
    }
}
