import Glibc

/// A path as the server takes it, from one of the command line.
func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    // SAFETY: getcwd allocates the text, which is copied and freed here.
    guard let current = unsafe getcwd(nil, 0) else { return "/" + path }
    defer { unsafe free(current) }
    return unsafe String(cString: current) + "/" + path
}
