extension Actor {
    /// `assumeIsolated` without a closure on the heap, for what runs once per turn of a loop.
    ///
    /// - Parameter body: captures nothing; what it needs comes as `argument`.
    @inlinable @inline(__always)
    package nonisolated func assumeIsolated<Argument>(
        with argument: Argument, _ body: @escaping (isolated Self, Argument) -> Void
    ) {
        preconditionIsolated()
        // SAFETY: the two types differ in the isolation that was checked on the line above, and in
        // nothing else; the standard library's `assumeIsolated` makes the same cast.
        let body = unsafe unsafeBitCast(body, to: ((Self, Argument) -> Void).self)
        body(self, argument)
    }
}
