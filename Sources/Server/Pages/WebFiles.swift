import CWeb
import Model

/// The page that the server gives, whole and in memory.
enum WebFiles {
    /// What the machine needs, uncompressed: usable at once on a slow line. A test adds up.
    static let bytesMax = 150_000
    /// What is under it is loaded when it is opened.
    static let laterPrefix = "panels/"
    static let laterBytesMax = 150_000
    /// For pages of others; the page of this server reads the same from `beatsPath`.
    static let cataloguePath = "catalogue.json"
    static let beatsPath = "beats.json"

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
        let catalogue = Catalogue.document
        files[cataloguePath] = WebFile(path: cataloguePath, bytes: catalogue.serialised())
        files[beatsPath] = WebFile(path: beatsPath, bytes: beats(catalogue).serialised())
        return files
    }()

    /// The catalogue with each stroke as `[step, pitch, velocity]`, without a last 1 and a 0 before
    /// it: less than half of the bytes.
    private static func beats(_ json: JSON) -> JSON {
        if let elements = json.array { return .array(elements.map(beats)) }
        guard var object = json.object else { return json }
        if let step = json["step"], let pitch = json["pitch"], let velocity = json["velocity"] {
            var stroke = [step, pitch, velocity]
            if velocity == 1 {
                stroke.removeLast(pitch == 0 ? 2 : 1)
            }
            return .array(stroke)
        }
        for (key, value) in object.members { object[key] = beats(value) }
        return .object(object)
    }

    /// - Parameter path: of a request. `/` is the page.
    static func file(atPath path: String) -> WebFile? {
        all[path == "/" ? "index.html" : String(path.dropFirst())]
    }
}
