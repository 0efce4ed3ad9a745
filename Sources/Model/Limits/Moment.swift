/// Both clocks at one instant: the monotonic one for intervals, the wall for what people see.
package struct Moment: Hashable, Sendable {
    /// Since an arbitrary origin; never goes back.
    package var elapsed: Duration
    /// Milliseconds since 1970; may jump.
    package var wallClockMs: Int64

    package init(elapsed: Duration, wallClockMs: Int64) {
        self.elapsed = elapsed
        self.wallClockMs = wallClockMs
    }
}
