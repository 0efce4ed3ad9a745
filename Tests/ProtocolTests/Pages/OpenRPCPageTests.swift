import Foundation
import Model
import SourceFiles
import Testing
import Wire

@Suite("methods/openrpc.json") struct OpenRPCPageTests {
    private static let path = "Protocol/methods/openrpc.json"

    /// Written by `SALSANOR_WRITE=1 swift test --filter OpenRPCPageTests`.
    @Test("is made from the descriptions")
    func isCurrent() throws {
        let text = Self.lines(of: OpenRPC.document) + "\n"
        if ProcessInfo.processInfo.environment["SALSANOR_WRITE"] != nil {
            let url = URL(filePath: Repository.root + "/" + Self.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        // Not compared by #expect, which would tell both in full.
        let isCurrent = try Repository.text(Self.path) == text
        #expect(isCurrent, "write it anew: SALSANOR_WRITE=1 swift test --filter OpenRPCPageTests")
    }

    /// One member a line, so that changes can be read; what is short stays on one.
    private static func lines(of json: JSON, indent: String = "") -> String {
        let line = String(decoding: json.serialised(), as: UTF8.self)
        let inner = indent + "  "
        switch json {
        case .object(let object) where line.utf8.count > 80:
            let members = object.members.map { key, value in
                let name = String(decoding: JSON.string(key).serialised(), as: UTF8.self)
                return "\(inner)\(name): \(lines(of: value, indent: inner))"
            }
            return "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
        case .array(let values) where line.utf8.count > 80:
            let elements = values.map { inner + lines(of: $0, indent: inner) }
            return "[\n" + elements.joined(separator: ",\n") + "\n\(indent)]"
        default: return line
        }
    }
}
