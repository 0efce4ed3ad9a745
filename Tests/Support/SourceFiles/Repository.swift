import Foundation

/// The files of this package, for tests that compare its pages and its sources.
package enum Repository {
    package struct File: Sendable {
        /// From the package's root: `Sources/Model/JSON/JSON.swift`.
        package let path: String
        package let text: String

        package var name: String { String(path.split(separator: "/").last ?? "") }
        package var lines: [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false)
        }
    }

    /// Where `Package.swift` is.
    package static let root: String = {
        var url = URL(filePath: #filePath)
        repeat {
            url.deleteLastPathComponent()
        } while url.path != "/"
            && !FileManager.default.fileExists(atPath: url.appending(path: "Package.swift").path)
        return url.path
    }()

    package static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: root + "/" + path)))
    }

    /// The text files below a folder, or all of the package; sorted.
    ///
    /// - Parameter suffix: how their names end.
    package static func files(under folder: String = "", suffix: String = "") throws -> [File] {
        let base = folder.isEmpty ? root : root + "/" + folder
        var files: [File] = []
        let paths = try FileManager.default.contentsOfDirectory(atPath: base)
        for name in paths.sorted() where !skipped.contains(name) {
            let path = folder.isEmpty ? name : folder + "/" + name
            let values = try URL(filePath: root + "/" + path)
                .resourceValues(forKeys: [.isDirectoryKey])
            if values.isDirectory == true {
                files += try Self.files(under: path, suffix: suffix)
            } else if name.hasSuffix(suffix), let text = try? text(path) {
                files.append(File(path: path, text: text))
            }
        }
        return files
    }

    /// What git does not keep.
    private static let skipped: Set<String> = [".build", ".git", ".swiftpm", "Package.resolved"]
}
