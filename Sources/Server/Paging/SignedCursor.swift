import Crypto
import Model
import Social
import Wire

/// A place in a list as opaque text that only this server can make. `Protocol/discover.md#cursors`.
///
/// It is signed together with its list (`kind`) and with what was asked of that list (`query`, such
/// as the filters): so it goes on with the same question only. The body can be read by who takes it
/// apart, and holds no secret.
struct SignedCursor: Sendable {
    /// HMAC-SHA256, cut short (RFC 2104 §5): 128 bits cannot be guessed over a network.
    static let signatureBytes = 16
    private static let bodyBytesMax = Limits.pageCursorBytesMax * 3 / 4 - signatureBytes

    private let keys: CursorKeys

    init(keys: CursorKeys) {
        self.keys = keys
    }

    /// - Parameters:
    ///   - kind: names the list; the method's name will do.
    ///   - query: what the place belongs to: the params without `cursor` and `limit`.
    ///   - body: the place; a few numbers and ids.
    func encode(kind: String, query: JSON = .null, body: JSON) -> String {
        let bytes = body.serialised()
        precondition(bytes.count <= Self.bodyBytesMax, "a place in a list is a few numbers")
        return Base64URL.text(bytes + Self.signature(kind, query, bytes[...], keys.keys[0]))
    }

    /// - Parameter path: of the cursor in the params.
    /// - Throws: `invalidParams` when it was not made by `encode` with the same kind and query, or
    ///   longer ago than the keys are kept.
    func decode(
        kind: String, query: JSON = .null, _ text: String, path: String = "/cursor"
    ) throws(WireError) -> JSON {
        guard let bytes = Base64URL.bytes(text), bytes.count > Self.signatureBytes else {
            throw Self.refusal(path)
        }
        let (body, signature) = (
            bytes.dropLast(Self.signatureBytes), bytes.suffix(Self.signatureBytes)
        )
        let isOurs = keys.keys.contains { key in
            Self.areEqual(Self.signature(kind, query, body, key), signature)
        }
        guard isOurs, let place = try? JSON.parse(Array(body), limits: .trusted) else {
            throw Self.refusal(path)
        }
        return place
    }

    static func refusal(_ path: String) -> WireError {
        WireError(
            .invalidParams, "the cursor is not of this list, or too old", path: path,
            allowed: "a cursor that this method gave for the same params; without one the list "
                + "begins again")
    }

    private static func signature(
        _ kind: String, _ query: JSON, _ body: ArraySlice<UInt8>, _ key: SymmetricKey
    ) -> ArraySlice<UInt8> {
        // Canonical JSON of an array: no other kind, query and body have the same bytes.
        let signed: JSON = [
            .string(kind), query, .string(String(decoding: body, as: UTF8.self)),
        ]
        let code = HMAC<SHA256>.authenticationCode(for: signed.canonical(), using: key)
        return Array(code).prefix(signatureBytes)
    }

    /// In a time that does not depend on where they differ.
    private static func areEqual(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
