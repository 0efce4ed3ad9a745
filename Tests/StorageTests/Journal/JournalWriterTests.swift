import Model
import Storage
import Testing

@Suite struct JournalWriterTests {
    @Test func itemsAreJudgedApart() throws {
        let house = try House(rooms: 3)
        let writer = house.writer()
        let outcomes = try writer.commit([
            .room(Samples.commit(100, epoch: house.epoch, after: 0, count: 2)),
            .room(Samples.commit(101, epoch: house.epoch, after: 5)),
            .operation { connection in
                try PatternStore(connection).update(
                    Samples.id(102), content: Samples.content("half done"), updatedMs: 1)
                try UserStore(connection).insert(
                    Samples.user(1), preferences: Samples.preferences(1))
            },
            .operation { connection in
                try PatternStore(connection).update(
                    Samples.id(102), content: Samples.content("refused"), updatedMs: 1)
                throw Refused()
            },
            .room(Samples.commit(102, epoch: house.epoch, after: 0)),
        ])
        #expect(outcomes.map(\.isCommitted) == [true, false, false, false, true])
        guard case .refused(.conflict(.head(house.epoch, 0))) = outcomes[1],
            case .refused(.database(.constraint)) = outcomes[2],
            case .refused(.operation(is Refused)) = outcomes[3]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(try house.room(100)?.number == 2)
        #expect(try house.room(101)?.number == 0)
        #expect(try house.room(102)?.number == 1)
        let row = try house.database.read { try PatternStore($0).find(Samples.id(102)) }
        #expect(row?.content.title == Samples.content().title)
    }

    @Test func aCommitRefusedLateLeavesNothingOfItself() throws {
        let house = try House()
        var commit = Samples.commit(100, epoch: house.epoch, after: 0, count: 2)
        // The replica is refused after the head was moved and the log written.
        let writer = house.writer()
        _ = try writer.commit([.room(commit)])
        commit = Samples.commit(100, epoch: house.epoch, after: 2, count: 2)
        commit.replicas = [Samples.replica(7, user: 2, lastSeq: 4)]
        let outcomes = try writer.commit([.room(commit)])
        guard case .refused(.conflict(.replica(7))) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        let room = try #require(try house.room())
        #expect(room.number == 2)
        #expect(room.log.count == 1)
    }

    @Test func twoCommitsOfOneRoomInABatchFollowEachOther() throws {
        let house = try House()
        let outcomes = try house.writer().commit([
            .room(Samples.commit(100, epoch: house.epoch, after: 0)),
            .room(Samples.commit(100, epoch: house.epoch, after: 1)),
            .room(Samples.commit(100, epoch: house.epoch, after: 1)),
        ])
        #expect(outcomes.map(\.isCommitted) == [true, true, false])
    }

    @Test func readersSeeACommitWholeOrNotAtAll() throws {
        let house = try House()
        try house.database.read { connection in
            let before = try connection.integer("SELECT number FROM rooms")
            _ = try house.writer().commit([
                .room(Samples.commit(100, epoch: house.epoch, after: 0))
            ])
            let after = try connection.integer("SELECT number FROM rooms")
            #expect(before == 0)
            #expect(after == 0)
        }
        #expect(try house.room()?.number == 1)
    }

    @Test func aClosedDatabaseIsOpenedByTheProbe() throws {
        let house = try House()
        let writer = house.writer()
        try house.database.close()
        #expect(throws: JournalFailure.closed) { try writer.commit([]) }
        try writer.probe()
        let outcomes = try writer.commit([
            .room(Samples.commit(100, epoch: house.epoch, after: 0))
        ])
        #expect(outcomes.map(\.isCommitted) == [true])
    }

    private struct Refused: Error {}
}
