import CRDT
import Model
import Rooms
import Storage

/// The demo account and pattern of the data model's seed, for a first try.
enum Demo {
    static let email = DemoAccount.email
    static let password = DemoAccount.password

    /// Makes both in an empty database; returns the pattern. In a database that has users, returns
    /// the demo pattern if there is one.
    static func prepare(
        _ connection: any Connection, makes: Bool, passwordHash: () throws -> String, epoch: Int64,
        nowMs: Int64
    ) throws -> Identifier? {
        let users = UserStore(connection)
        if let user = try users.find(emailNormalised: email) {
            // It was made with its user; what people made as that user since is theirs.
            let newest = Identifier(high: .max, low: .max)
            return try PatternStore(connection)
                .find(owner: user.id, before: (user.createdMs, newest), limit: 1).first?.id
        }
        guard makes, try users.isEmpty() else { return nil }
        let user = UserRecord(
            id: NewIdentifier.make(nowMs: nowMs), email: email, emailNormalised: email,
            passwordHash: try passwordHash(), displayName: "Demo User", emailVerified: true,
            createdMs: nowMs)
        try users.insert(
            user,
            preferences: PreferencesRecord(
                id: NewIdentifier.make(nowMs: nowMs), user: user.id, createdMs: nowMs))
        let catalogue = Catalogue.current
        let document = Document(
            title: "Classic Salsa Beat",
            description: "A traditional salsa rhythm with clave and cowbell", flavor: .salsa,
            bpm: 120, keyNote: 0,
            instruments: [
                instrument(.clave, volumeHundredths: 100),
                instrument(.cowbell, volumeHundredths: 80),
            ], catalogue: catalogue)
        let row = CommitDraft.Row(of: document, catalogue: catalogue)
        let pattern = PatternRecord(
            id: NewIdentifier.make(nowMs: nowMs), owner: user.id, content: PatternContent(row),
            isPublic: true, createdMs: nowMs, publishedMs: nowMs)
        try PatternStore(connection).insert(pattern)
        try RoomStore(connection).begin(
            pattern.id, epoch: epoch, snapshot: document.json.serialised(), nowMs: nowMs)
        return pattern.id
    }

    private static func instrument(
        _ id: InstrumentID, volumeHundredths: Int64
    ) -> Document.InitialInstrument {
        Document.InitialInstrument(
            id: id,
            values: [
                "enabled": .bool(true), "activeProgram": .integer(0),
                "volume": .hundredths(volumeHundredths), "pitchOffset": .integer(0),
            ])
    }
}
