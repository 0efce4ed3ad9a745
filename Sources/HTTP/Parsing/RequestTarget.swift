/// The target of a request line, in the three forms that an origin server meets (RFC 9112 §3.2).
struct RequestTarget {
    let path: String
    let query: String?
    /// Of an absolute-form target; nil otherwise.
    let authority: String?

    init(path: String, query: String?, authority: String?) {
        self.path = path
        self.query = query
        self.authority = authority
    }

    /// Printable ASCII without those that no sender leaves as they are: `"`, `#`, `<`, `>`. That is
    /// wider than RFC 3986, because browsers send `[`, `|` and the like in queries untouched.
    init(parsing bytes: ArraySlice<UInt8>, method: Method) throws(ParseError) {
        guard method != .connect else { throw .connectUnsupported }
        for byte in bytes {
            guard (0x21...0x7E).contains(byte), byte != 0x22, byte != 0x23, byte != 0x3C,
                byte != 0x3E
            else { throw .badTarget }
        }
        if bytes.first == UInt8(ascii: "/") {
            self.init(originForm: bytes, authority: nil)
        } else if bytes.elementsEqual("*".utf8) {
            // RFC 9112 §3.2.4: for OPTIONS only.
            guard method == .options else { throw .badTarget }
            self.init(path: "*", query: nil, authority: nil)
        } else {
            try self.init(absoluteForm: bytes)
        }
    }

    private init(originForm bytes: ArraySlice<UInt8>, authority: String?) {
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        let path = String(decoding: bytes[..<(mark ?? bytes.endIndex)], as: UTF8.self)
        self.init(
            path: path.isEmpty ? "/" : path,
            query: mark.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self) },
            authority: authority)
    }

    /// RFC 9112 §3.2.2: a server must accept it, although only proxies are sent it.
    private init(absoluteForm bytes: ArraySlice<UInt8>) throws(ParseError) {
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }
        let name = String(decoding: scheme, as: UTF8.self)
        guard
            Characters.equalIgnoringCase(name, "http")
                || Characters.equalIgnoringCase(name, "https"),
            bytes.dropFirst(scheme.count).starts(with: "://".utf8)
        else { throw .badTarget }
        let rest = bytes.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        // RFC 9110 §4.2.1: an empty host is invalid; §4.2.4: so is user information.
        guard !authority.isEmpty, Host.isValid(authority) else { throw .badTarget }
        self.init(
            originForm: rest.dropFirst(authority.count),
            authority: String(decoding: authority, as: UTF8.self))
    }
}
