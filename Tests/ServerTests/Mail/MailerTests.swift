import Model
import Social
import Storage
import TestSupport
import Testing
import Transport

@testable import Server

@Suite struct MailerTests {
    /// What a sink is asked, and what it answers.
    private final class Sink: MailSink {
        let taken = Shared<[MailMessage]>([])
        let failures = Shared<[MailFailure]>([])
        /// Refused whenever it comes.
        let refusedSubject = Shared<String?>(nil)
        let place = "a test"

        func deliver(_ message: MailMessage) throws(MailFailure) {
            let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let failure { throw failure }
            guard refusedSubject.withLock({ $0 != message.subject }) else {
                throw .refused("later", isPermanent: false)
            }
            taken.withLock { $0.append(message) }
        }

        var subjects: [String] { taken.withLock { $0.map(\.subject) } }
    }

    private struct Post {
        let house: House
        let sink = Sink()
        let journal: Journal
        let database: FailingDatabase
        let mailer: Mailer

        init(pauseMs: Int64 = 1) throws {
            house = try House()
            database = FailingDatabase(house.database)
            journal = Journal(
                writer: JournalWriter(database: database, incarnation: house.directory),
                health: Health(), addedSyncDelay: .zero, log: .silent)
            mailer = Mailer(
                database: database, journal: journal, sink: sink, from: "salsa@example.org",
                log: .silent, pauseMs: { _ in pauseMs })
        }

        func queue(
            _ numbers: ClosedRange<UInt64>, recipient: String = "ana@example.org",
            createdMs: Int64 = EventLoop.wallClockMs
        ) throws {
            try house.database.write { connection in
                for number in numbers {
                    let isQueued = try MailStore(connection).queue(
                        MailRecord(
                            id: House.id(number), recipient: recipient, subject: "\(number)",
                            body: "Hello", createdMs: createdMs))
                    #expect(isQueued)
                }
            }
        }

        func waiting() throws -> [MailRecord] {
            try house.database.read { try MailStore($0).due(nowMs: .max, limit: 10_000) }
        }
    }

    @Test func `What waits is handed over in order, and deleted`() async throws {
        let post = try Post()
        try post.queue(1...100)
        post.mailer.wake()
        try await eventually("an empty queue") { try post.waiting().isEmpty }
        #expect(post.sink.subjects == (1...100).map { "\($0)" })
    }

    @Test func `A refused letter holds up no other`() async throws {
        let post = try Post()
        try post.queue(1...3)
        post.sink.refusedSubject.withLock { $0 = "1" }
        let beganMs = EventLoop.wallClockMs
        post.mailer.wake()
        try await eventually("two letters gone") { try post.waiting().count == 1 }
        #expect(post.sink.subjects == ["2", "3"])
        let left = try #require(try post.waiting().first)
        // More than once on a machine that is busy for as long as the delay.
        #expect(left.subject == "1" && left.attempts >= 1)
        let delayMs = MailRetry.delayMs(afterRefusals: left.attempts)
        #expect(beganMs + delayMs...EventLoop.wallClockMs + delayMs ~= left.nextAttemptMs)
    }

    @Test func `A sink that cannot be used makes all letters wait`() async throws {
        let post = try Post(pauseMs: 3_600_000)
        try post.queue(1...3)
        post.sink.failures.withLock { $0 = [.unavailable("away")] }
        post.mailer.wake()
        try await eventually("one try") { post.sink.failures.withLock { $0.isEmpty } }
        // Waking does not shorten the pause.
        for _ in 0..<10 { post.mailer.wake() }
        // Behind them on the same queue.
        await post.mailer.settle()
        #expect(try post.waiting().map(\.attempts) == [0, 0, 0])
        #expect(post.sink.subjects.isEmpty)
    }

    @Test func `When the sink can be used again, all letters go out in order`() async throws {
        let post = try Post()
        try post.queue(1...3)
        post.sink.failures.withLock { $0 = [.unavailable("away"), .unavailable("away")] }
        post.mailer.wake()
        try await eventually("an empty queue") { try post.waiting().isEmpty }
        #expect(post.sink.subjects == ["1", "2", "3"])
    }

    @Test func `A disk that does not take the deletion makes it go out twice`() async throws {
        let post = try Post()
        try post.queue(1...1)
        post.database.fail(.diskFull)
        post.mailer.wake()
        try await eventually("one letter") { !post.sink.subjects.isEmpty }
        #expect(try post.waiting().count == 1)
        post.database.fail(nil)
        try await eventually("an empty queue") { try post.waiting().isEmpty }
        #expect(post.sink.subjects.count > 1 && Set(post.sink.subjects) == ["1"])
    }

    @Test func `What is no address is given up after its refusals`() async throws {
        let post = try Post()
        try post.queue(1...1, recipient: "ana@example.org\r\nRCPT TO:<b@example.org>")
        try post.house.database.write {
            try MailStore($0).postpone(
                House.id(1), attempts: MailRetry.refusalsMax - 1, nextAttemptMs: 0)
        }
        post.mailer.wake()
        try await eventually("an empty queue") { try post.waiting().isEmpty }
        #expect(post.sink.subjects.isEmpty)
    }

    @Test func `A letter that is too old is given up`() async throws {
        let post = try Post()
        try post.queue(1...1, createdMs: EventLoop.wallClockMs - 49 * 3_600_000)
        try post.queue(2...2)
        post.mailer.wake()
        try await eventually("an empty queue") { try post.waiting().isEmpty }
        #expect(post.sink.subjects == ["2"])
    }

    @Test func `After a stop nothing more goes out`() async throws {
        let post = try Post()
        post.mailer.stop()
        try post.queue(1...1)
        post.mailer.wake()
        // Behind the wake on the same queue.
        await post.mailer.settle()
        #expect(try post.waiting().count == 1 && post.sink.subjects.isEmpty)
    }

    @Test func `The queue is bounded`() throws {
        let house = try House()
        try house.database.write { connection in
            let store = MailStore(connection)
            func queue(_ number: Int) throws -> Bool {
                try store.queue(
                    MailRecord(
                        id: House.id(UInt64(number)), recipient: "a@b", subject: "s", body: "b",
                        createdMs: 1))
            }
            for number in 1..<Limits.mailsQueuedMax { _ = try queue(number) }
            #expect(try !store.isFull())
            #expect(try queue(Limits.mailsQueuedMax))
            #expect(try store.isFull())
            #expect(try !queue(Limits.mailsQueuedMax + 1))
        }
    }

    @Test(arguments: [
        (550, false, MailFailure.refused("x (status 550)", isPermanent: true)),
        (451, false, .refused("x (status 451)", isPermanent: false)),
        (421, false, .unavailable("x (status 421)")), (535, false, .unavailable("x (status 535)")),
        (550, true, .unavailable("x (status 550)")), (0, false, .unavailable("x")),
        (220, false, .unavailable("x (status 220)")),
    ])
    func `Whose fault a reply is`(status: Int64, isLoginDenied: Bool, expected: MailFailure) {
        let failure = CurlHandle.Failure(
            message: "x", status: status, isLoginDenied: isLoginDenied)
        #expect(SMTPSink.failure(failure) == expected)
    }

    @Test(arguments: [
        ("smtp://localhost:25", true), ("smtps://127.0.0.1", true), ("smtp://[::1]:25", true),
        ("smtp://127.0.0.1.evil.example:25", false), ("smtp://127.evil.example", false),
        ("smtp://mail.example.org:587", false), ("smtp://localhost.example.org", false),
    ])
    func `Which hosts are this machine`(url: String, isLoopback: Bool) throws {
        let parsed = try #require(OutboundURL(url, schemes: ["smtp", "smtps"]))
        #expect(parsed.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "http://a", "smtp:a", "smtp://", "smtp://user:password@a", "smtp://a\r\nb", "smtp://[::1",
        "smtp://:25",
    ])
    func `What is no URL of a mail server`(url: String) {
        #expect(OutboundURL(url, schemes: ["smtp", "smtps"]) == nil)
    }
}

extension Mailer {
    /// Returns when what was posted before has run.
    fileprivate func settle() {}
}
