import Model
import Storage
import Testing

/// What every implementation of `Database` must do for the stores. Each takes a migrated, empty
/// database.
struct StoreContract<Engine: Database> {
    let database: Engine
    let epoch: Int64 = 5

    func usersAndPreferences() throws {
        var user = Samples.user(1)
        user.oauth = OAuthIdentity(provider: "google", subject: "g-1")
        user.bio = "¡Azúcar!"
        try database.write { [user] in
            try UserStore($0).insert(user, preferences: Samples.preferences(1))
        }
        try database.read { connection in
            let store = UserStore(connection)
            let byEmail = try store.find(emailNormalised: "ana1@example.org")
            let byID = try store.find(user.id)
            let nobody = try store.find(emailNormalised: "nobody@example.org")
            let preferences = try store.preferences(of: user.id)
            #expect(byEmail == user)
            #expect(byID == user)
            #expect(nobody == nil)
            #expect(preferences == Samples.preferences(1))
        }
        var twin = Samples.user(2)
        twin.emailNormalised = user.emailNormalised
        expectConstraint(.unique) { [twin] in
            try UserStore($0).insert(twin, preferences: Samples.preferences(2))
        }
        try database.write { connection in
            let store = UserStore(connection)
            try store.setPasswordHash("new", of: user.id, nowMs: 7)
            try store.touchLastLogin(of: user.id, nowMs: 8)
            let changed = try store.find(user.id)
            #expect(changed?.passwordHash == "new")
            #expect(changed?.updatedMs == 7)
            #expect(changed?.lastLoginMs == 8)
        }
    }

    func sessions() throws {
        let now = Samples.nowMs
        let token = [UInt8](repeating: 9, count: 32)
        let session = SessionRecord(
            id: Samples.id(50), user: Samples.id(1), tokenSHA256: token, expiresMs: now + 100,
            createdMs: now)
        try database.write { connection in
            try UserStore(connection).insert(Samples.user(1), preferences: Samples.preferences(1))
            let store = SessionStore(connection)
            try store.insert(session)
            let holder = try store.holder(tokenSHA256: token, nowMs: now)
            #expect(holder?.user == Samples.id(1))
            #expect(holder?.session == session.id)
            let expired = try store.holder(tokenSHA256: token, nowMs: now + 100)
            #expect(expired == nil)
            let hour = SessionStore.touchMs
            let early = try store.touch(session.id, nowMs: now + hour - 1, expiresMs: now + 1)
            let late = try store.touch(session.id, nowMs: now + hour, expiresMs: now + 2 * hour)
            let again = try store.touch(session.id, nowMs: now + hour + 1, expiresMs: now)
            #expect([early, late, again] == [false, true, false])
            try connection.execute(
                AnySQL("UPDATE users SET deleted_at = $1 WHERE id = $2"),
                [.integer(now), .identifier(Samples.id(1))])
            let deleted = try store.holder(tokenSHA256: token, nowMs: now)
            #expect(deleted == nil)
            try connection.execute(
                AnySQL("UPDATE users SET deleted_at = NULL, is_active = 0 WHERE id = $1"),
                [.identifier(Samples.id(1))])
            let inactive = try store.holder(tokenSHA256: token, nowMs: now)
            #expect(inactive == nil)
            let swept = try store.deleteExpired(nowMs: now + 2 * hour, limit: 10)
            let gone = try store.delete(session.id)
            #expect(swept == 1)
            #expect(!gone)
        }
    }

    func patterns() throws {
        try database.write { connection in
            try UserStore(connection).insert(Samples.user(1), preferences: Samples.preferences(1))
            let store = PatternStore(connection)
            for number in 100..<UInt64(105) {
                try store.insert(Samples.pattern(number, owner: 1))
            }
            let found = try store.find(Samples.id(101))
            #expect(found == Samples.pattern(101, owner: 1))
            let page = try store.find(owner: Samples.id(1), limit: 3)
            #expect(page.map(\.id) == [104, 103, 102].map(Samples.id))
            let last = page[2]
            let rest = try store.find(
                owner: Samples.id(1), before: (last.createdMs, last.id), limit: 3)
            #expect(rest.map(\.id) == [101, 100].map(Samples.id))
            let updated = try store.update(
                Samples.id(101), content: Samples.content("Mambo"), updatedMs: 9)
            let absent = try store.update(Samples.id(9), content: Samples.content(), updatedMs: 9)
            #expect(updated && !absent)
            let changed = try store.find(Samples.id(101))
            #expect(changed?.content.title == "Mambo")
        }
        for (field, kind) in [
            ("bpm = 79", ConstraintKind.check), ("title = ''", .check),
            ("flavor = 'Tango'", .check), ("key_note = 12", .check), ("bpm = 'fast'", .type),
            ("configuration = '{'", .check), ("title = NULL", .notNull),
        ] {
            expectConstraint(kind) { connection in
                try connection.execute(
                    AnySQL("UPDATE patterns SET \(field) WHERE id = $1"),
                    [.identifier(Samples.id(101))])
            }
        }
    }

    func rooms() throws {
        let id = Samples.id(100)
        try makeRoom()
        var first = Samples.commit(100, epoch: epoch, after: 0, count: 3)
        first.verdicts = [
            VerdictRow(replica: 7, seq: 2, verdict: [1]),
            VerdictRow(replica: 7, seq: 3, verdict: [2]),
        ]
        first.row = PatternRowUpdate(number: 2, content: Samples.content("Guaguancó"), updatedMs: 4)
        let second = Samples.commit(100, epoch: epoch, after: 3, count: 2)
        try database.write { [first] connection in
            try RoomStore(connection).append(first)
            try RoomStore(connection).append(second)
        }
        try database.read { connection in
            let room = try #require(try RoomStore(connection).open(id))
            #expect((room.epoch, room.number, room.floor) == (epoch, 5, 0))
            #expect(room.rowNumber == 2)
            #expect(room.log.map(\.lastNumber) == [3, 5])
            #expect(room.log.first?.edits == first.edits)
            #expect(room.replicas == [Samples.replica(7, user: 1, lastSeq: 5)])
            #expect(room.verdicts == first.verdicts)
            let row = try PatternStore(connection).find(id)
            #expect(row?.content.title == "Guaguancó")
        }
        // Only voids: no log row, the number stays, the sequence moves.
        let voids = RoomCommit(
            pattern: id, epoch: epoch, firstNumber: 6, lastNumber: 5, committedMs: 1, edits: [],
            replicas: [Samples.replica(7, user: 1, lastSeq: 6)],
            verdicts: [VerdictRow(replica: 7, seq: 6, verdict: [3])],
            confirmed: [ConfirmedVerdicts(replica: 7, through: 3)])
        try database.write { connection in
            try RoomStore(connection).append(voids)
            let room = try #require(try RoomStore(connection).open(id))
            #expect(room.number == 5)
            #expect(room.replicas.first?.lastSeq == 6)
            #expect(room.verdicts.map(\.seq) == [6])
        }
    }

    func roomFence() throws {
        try makeRoom()
        let commit = Samples.commit(100, epoch: epoch, after: 0, count: 2)
        try database.write { try RoomStore($0).append(commit) }
        expectConflict(.head(epoch: epoch, number: 2), commit)
        expectConflict(
            .head(epoch: epoch, number: 2), Samples.commit(100, epoch: epoch - 1, after: 2))
        expectConflict(.head(epoch: epoch, number: 2), Samples.commit(100, epoch: epoch, after: 3))
        expectConflict(.absent, Samples.commit(101, epoch: epoch, after: 0))
        var thief = Samples.commit(100, epoch: epoch, after: 2)
        thief.replicas = [Samples.replica(7, user: 2, lastSeq: 9)]
        expectConflict(.replica(7), thief)
        thief.replicas = [Samples.replica(7, user: 1, lastSeq: 1)]
        expectConflict(.replica(7), thief)
    }

    func compaction() throws {
        let id = Samples.id(100)
        try makeRoom()
        try database.write { connection in
            let store = RoomStore(connection)
            for number in 0..<Int64(6) {
                try store.append(
                    Samples.commit(100, epoch: epoch, after: number * 2, count: 2))
            }
            var snapshot = Samples.commit(100, epoch: epoch, after: 12)
            snapshot.snapshot = RoomSnapshot(number: 9, bytes: [1, 2], floor: 7)
            try store.append(snapshot)
            let kept = try store.open(id)
            #expect(kept?.snapshot == [1, 2])
            #expect(kept?.number == 13)
            #expect(kept?.floor == 7)
            // The snapshot lies inside the row 9...10, which is therefore still needed.
            #expect(kept?.log.map(\.firstNumber) == [9, 11, 13])
            // What lies at or below the floor is gone.
            #expect(try store.log(of: id, after: 0).map(\.firstNumber) == [7, 9, 11, 13])
        }
        var wrong = Samples.commit(100, epoch: epoch, after: 13)
        for snapshot in [
            RoomSnapshot(number: 9, bytes: [], floor: 10),
            RoomSnapshot(number: 15, bytes: [], floor: 8),
        ] {
            wrong.snapshot = snapshot
            expectConstraint(.check) { try RoomStore($0).append(wrong) }
        }
        // A hole between snapshot and head is damage, not an empty answer.
        try database.write { connection in
            try connection.execute(AnySQL("DELETE FROM room_log WHERE last_number = 12"), [])
            #expect(throws: DatabaseError.corrupt) { try RoomStore(connection).open(id) }
        }
    }

    private func makeRoom() throws {
        try database.write { connection in
            try UserStore(connection).insert(Samples.user(1), preferences: Samples.preferences(1))
            try PatternStore(connection).insert(Samples.pattern(100, owner: 1))
            let created = try RoomStore(connection).create(Samples.id(100), epoch: epoch)
            let again = try RoomStore(connection).create(Samples.id(100), epoch: epoch + 1)
            #expect(created && !again)
        }
    }

    private func expectConflict(_ conflict: RoomConflict, _ commit: RoomCommit) {
        #expect(throws: conflict) { try database.write { try RoomStore($0).append(commit) } }
    }

    private func expectConstraint(
        _ kind: ConstraintKind, _ body: (any Connection) throws -> Void
    ) {
        let error = #expect(throws: DatabaseError.self) { try database.write(body) }
        guard case .constraint(kind, _) = error else {
            Issue.record("expected \(kind), got \(error as Any)")
            return
        }
    }
}
