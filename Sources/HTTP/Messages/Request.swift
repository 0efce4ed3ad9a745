/// A whole request. Trailer fields of a chunked body are checked and dropped (RFC 9112 §7.1.2).
package struct Request: Sendable, Equatable {
    package let head: RequestHead
    package let body: [UInt8]

    package init(head: RequestHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}
