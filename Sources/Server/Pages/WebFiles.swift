import CWeb
import Model

/// The page that the server gives, whole and in memory.
enum WebFiles {
    /// What the machine needs, uncompressed: usable at once on a slow line. A test adds up.
    static let bytesMax = 150_000
    /// What is under it is loaded when it is opened.
    static let laterPrefix = "panels/"
    static let laterBytesMax = 150_000
    static let cataloguePath = "catalogue.json"

    /// By path in the folder of the page.
    static let all: [String: WebFile] = {
        var files: [String: WebFile] = [:]
        for index in 0..<cweb_count() {
            let file = unsafe cweb_file(index)
            // SAFETY: constants of the program: a C string, and `count` bytes, never written.
            let path = unsafe String(cString: file.path)
            let bytes = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            files[path] = WebFile(path: path, bytes: bytes)
        }
        files[cataloguePath] = WebFile(path: cataloguePath, bytes: Catalogue.document.serialised())
        return files
    }()

    /// - Parameter path: of a request. `/` is the page.
    static func file(atPath path: String) -> WebFile? {
        all[path == "/" ? "index.html" : String(path.dropFirst())]
    }
}
