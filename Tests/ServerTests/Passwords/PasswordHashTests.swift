import Model
import Server
import Testing

@Suite struct PasswordHashTests {
    @Test func aHashVerifiesItsPasswordAndNoOther() throws {
        let hash = try PasswordHash.hash("clave 3-2 ♫")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(hash.utf8.count <= 255)
        #expect(PasswordHash.verify("clave 3-2 ♫", against: hash) == .ok)
        #expect(PasswordHash.verify("clave 2-3 ♫", against: hash) == .wrong)
        #expect(PasswordHash.verify("", against: hash) == .wrong)
        #expect(PasswordHash.verify("clave 3-2 ♫\0", against: hash) == .wrong)
    }

    @Test func saltsDiffer() throws {
        #expect(try PasswordHash.hash("same") != PasswordHash.hash("same"))
    }

    @Test func tooLongIsRefusedBeforeAnyWork() {
        let long = String(repeating: "x", count: Limits.passwordBytesMax + 1)
        #expect(throws: PasswordHashError.tooLong) { try PasswordHash.hash(long) }
        #expect(PasswordHash.verify(long, against: PasswordHash.decoy) == .wrong)
    }

    @Test func theDecoyIsReadableAndNobodys() {
        #expect(PasswordHash.verify("", against: PasswordHash.decoy) == .wrong)
    }

    /// From the test program of the reference implementation, and bcrypt vectors of crypt(3).
    @Test(arguments: [
        (
            "password",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        ),
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("salsa y control", "$2b$06$abcdefghijklmnopqrstuu/OkveJceul2I0mJqjSCVbfa7tEk7o3W"),
        ("salsa y control", "$2y$06$abcdefghijklmnopqrstuu/OkveJceul2I0mJqjSCVbfa7tEk7o3W"),
        ("demo123", "$2b$10$N9qo8uLOickgx2ZMRZoMyeCW9.JM7mGJiAMTDkaGufItY0jieYDha"),
    ])
    func knownVectorsVerifyAndAreToBeHashedAgain(_ password: String, _ stored: String) {
        #expect(PasswordHash.verify(password, against: stored) == .okNeedsRehash)
        #expect(PasswordHash.verify(password + "!", against: stored) == .wrong)
        #expect(PasswordHash.verify(password + "\0", against: stored) == .wrong)
    }

    @Test(arguments: [
        "", "*0", "demo123", "$1$abc$def", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=19456,t=2,p=1$$",
        "$argon2id$v=19$m=19456,t=2,p=1$not base64!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$2b$31$N9qo8uLOickgx2ZMRZoMyeCW9.JM7mGJiAMTDkaGufItY0jieYDha",
        "$2x$10$N9qo8uLOickgx2ZMRZoMyeCW9.JM7mGJiAMTDkaGufItY0jieYDha",
        "$2b$10$N9qo8uLOickgx2ZMRZoMyeCW9.JM7mGJiAMTDkaGufItY0jieYDh:",
    ])
    func otherTextsAreUnreadable(_ stored: String) {
        #expect(PasswordHash.verify("demo123", against: stored) == .unreadable)
    }
}
