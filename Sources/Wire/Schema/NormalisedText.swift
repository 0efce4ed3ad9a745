// `_nfc` is what `String` itself compares with. The only public way is Foundation's, which a pure
// target does without.
@_spi(_Unicode) import Swift

/// A text in Normalization Form C (UAX #15): equal texts have equal bytes.
package struct NormalisedText {
    package let text: String
    /// Whether it came in another form.
    package let isChanged: Bool

    package init(_ source: String) {
        if source.utf8.allSatisfy({ $0 < 0x80 }) {
            text = source
            isChanged = false
            return
        }
        var scalars = String.UnicodeScalarView()
        for scalar in source._nfc { scalars.append(scalar) }
        let composed = String(scalars)
        isChanged = !composed.utf8.elementsEqual(source.utf8)
        text = isChanged ? composed : source
    }
}
