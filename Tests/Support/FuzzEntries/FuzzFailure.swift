/// An invariant that an input broke.
package struct FuzzFailure: Error, CustomStringConvertible {
    package let description: String

    /// - Parameter rule: what should hold.
    static func check(
        _ holds: Bool, _ rule: @autoclosure () -> String
    ) throws(FuzzFailure) {
        guard holds else { throw FuzzFailure(description: rule()) }
    }
}
