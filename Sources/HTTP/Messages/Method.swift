/// A request method (RFC 9110 §9). Case-sensitive; any token is a method, known or not.
package struct Method: Hashable, Sendable {
    package let name: String

    /// - Parameter name: a token; the parser has checked it.
    package init(_ name: String) {
        self.name = name
    }

    package static let get = Method("GET")
    package static let head = Method("HEAD")
    package static let post = Method("POST")
    package static let put = Method("PUT")
    package static let patch = Method("PATCH")
    package static let delete = Method("DELETE")
    package static let options = Method("OPTIONS")
    package static let connect = Method("CONNECT")
}
