/// What a password is worth against a stored hash.
package enum PasswordVerdict: Hashable, Sendable {
    case ok
    /// Right, but stored in a weaker or older form: hash it again and store that.
    case okNeedsRehash
    case wrong
    /// The stored text is none of the forms we know, or asks for absurd work. Worth a line in the
    /// log; towards the person it is `wrong`.
    case unreadable
}

/// Why a password could not be hashed.
package enum PasswordHashError: Error, Hashable, Sendable {
    /// More than `Limits.passwordBytesMax`.
    case tooLong
    /// The library's code; no memory is the only one to expect.
    case library(code: Int32)
}
