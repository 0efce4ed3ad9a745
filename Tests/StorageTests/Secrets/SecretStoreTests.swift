import Foundation
import Model
import Storage
import Testing

/// `Protocol/mail.md#secrets`, `Protocol/providers.md#the-flow`.
@Suite("Secrets, nonces and key files") struct SecretStoreTests {
    private static let nowMs = Samples.nowMs
    private static let purposes = ["verify_email", "change_email"]

    private func secret(
        _ number: UInt8, purpose: String = "verify_email", expiresMs: Int64 = nowMs + 10
    ) -> AccountSecretRecord {
        AccountSecretRecord(
            secretSHA256: [UInt8](repeating: number, count: 32), user: Samples.id(1),
            purpose: purpose, email: "ana@example.org", createdMs: Self.nowMs,
            expiresMs: expiresMs)
    }

    /// The same as a statement: stores throw only what the database says.
    private func take(
        _ number: UInt8, _ purposes: [String] = Self.purposes, nowMs: Int64 = Self.nowMs,
        from store: AccountSecretStore
    ) throws -> AccountSecretRecord? {
        try store.take(
            secretSHA256: [UInt8](repeating: number, count: 32), purposes: purposes, nowMs: nowMs)
    }

    @Test("A secret works once, for its purpose, until its time") func take() throws {
        let house = try House()
        try house.database.write { connection in
            let store = AccountSecretStore(connection)
            try store.replace(secret(1))
            let foreign = try take(1, ["reset_password"], from: store)
            let late = try take(1, nowMs: Self.nowMs + 10, from: store)
            let unknown = try take(2, from: store)
            #expect(foreign == nil && late == nil && unknown == nil)
            let owner = try store.owner(
                secretSHA256: secret(1).secretSHA256, nowMs: Self.nowMs + 9)
            #expect(owner == Samples.id(1))
            let first = try take(1, nowMs: Self.nowMs + 9, from: store)
            let second = try take(1, from: store)
            #expect(first == secret(1) && second == nil)
        }
    }

    @Test("A new secret voids the one before, of the same purpose only") func replace() throws {
        let house = try House()
        try house.database.write { connection in
            let store = AccountSecretStore(connection)
            try store.replace(secret(1))
            try store.replace(secret(2, purpose: "reset_password"))
            try store.replace(secret(3))
            let void = try take(1, from: store)
            let other = try take(2, ["reset_password"], from: store)
            #expect(void == nil && other != nil)
            try store.delete(of: Samples.id(1), purpose: "verify_email")
            let deleted = try take(3, from: store)
            #expect(deleted == nil)
        }
    }

    @Test("Secrets that expired go, a few with each new one") func expired() throws {
        let house = try House()
        try house.database.write { connection in
            let store = AccountSecretStore(connection)
            // They expired before the second began, so it takes them along.
            try store.replace(secret(1, purpose: "unsubscribe", expiresMs: Self.nowMs))
            try store.replace(secret(2))
            let gone = try take(1, ["unsubscribe"], nowMs: Self.nowMs - 1, from: store)
            #expect(gone == nil)
        }
    }

    @Test("A nonce is used once, and forgotten after its time") func nonces() throws {
        let house = try House()
        try house.database.write { connection in
            let store = NonceStore(connection)
            func use(_ number: UInt8, nowMs: Int64 = Self.nowMs) throws -> Bool {
                try store.use(
                    nonceSHA256: [UInt8](repeating: number, count: 32),
                    expiresMs: nowMs + 10, nowMs: nowMs)
            }
            let uses = [try use(1), try use(2), try use(1), try use(2)]
            #expect(uses == [true, true, false, false])
            // Whoever checks nonces refuses those that are too old; here their rows are gone.
            let later = try use(1, nowMs: Self.nowMs + 10)
            #expect(later)
        }
    }

    @Test("A key is made once, read again, and replaced when it has another size")
    func keyFile() throws {
        let folder = try TemporaryFolder()
        func open(_ byte: UInt8) throws -> [UInt8] {
            try KeyFile.open("a.key", in: folder.path) { [UInt8](repeating: byte, count: $0) }
        }
        let path = folder.path + "/a.key"
        let made = try open(7)
        #expect(made == [UInt8](repeating: 7, count: KeyFile.keyBytes))
        let again = try open(8)
        #expect(again == made)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        for count in [0, 31, 33] {
            try Data(repeating: 1, count: count).write(to: URL(filePath: path))
            let fresh = try open(9)
            #expect(fresh == [UInt8](repeating: 9, count: KeyFile.keyBytes))
        }
        #expect(throws: DataDirectoryError.self) {
            try KeyFile.open("a.key", in: folder.path + "/none") { _ in [] }
        }
    }
}
