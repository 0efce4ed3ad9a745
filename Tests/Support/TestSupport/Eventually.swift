/// How long a test waits for an event before it fails; far more than any needs.
private let patience: Duration = .seconds(30)

/// What was waited for did not happen.
package struct Impatience: Error, CustomStringConvertible {
    package let description: String
}

/// Asks until the answer is yes, with a bound.
///
/// - Throws: `Impatience` with `what`; what `condition` throws.
package func eventually(
    _ what: String, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw Impatience(description: "waited in vain: \(what)")
        }
        // The states that tests ask for are of several tasks and processes; few of them tell.
        try await Task.sleep(for: .milliseconds(2))
    }
}
