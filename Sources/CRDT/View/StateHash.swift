import Crypto
package import Model

extension Document {
    /// RFC 8785 over the normalised view: what a thin client can compute as well.
    package func canonical(catalogue: Catalogue) -> [UInt8] {
        view(catalogue: catalogue).canonical()
    }

    /// 32 lower-case hexadecimal digits. `Protocol/merge.md#canonical-form-and-hash`.
    package func stateHash(catalogue: Catalogue) -> String {
        StateHash.text(ofCanonical: canonical(catalogue: catalogue))
    }
}

package enum StateHash {
    package static func text(ofCanonical bytes: [UInt8]) -> String {
        Hexadecimal.text(Array(SHA256.hash(data: bytes).prefix(16)))
    }
}
