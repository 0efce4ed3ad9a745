import Glibc
import Testing

import Transport

@Suite(.timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test func `The earliest wake-up wins, and each one calls the handler with an empty batch`()
        async throws
    {
        let loop = try EventLoop(label: "wake")
        let calls = Box<[Duration]>([])
        let begun = Box(EventLoop.now)
        loop.start { batch in
            #expect(batch.isEmpty)
            let now = EventLoop.now
            calls.update { $0.append(now) }
            switch calls.value.count {
            case 1:
                begun.update { $0 = now }
                loop.wake(at: now + .milliseconds(500))
                loop.wake(at: now + .milliseconds(20))
                loop.wake(at: now + .seconds(3600))
            case 2: loop.wake(at: begun.value + .milliseconds(500))
            default: break
            }
        }
        loop.execute {}
        await calls.wait("the post and both wake-ups") { $0.count == 3 }
        let times = calls.value.map { $0 - begun.value }
        if times.count == 3 {
            #expect(times[1] >= .milliseconds(20) && times[1] < .milliseconds(500))
            #expect(times[2] >= .milliseconds(500))
        }
        await loop.stopAndWait()
    }

    @Test func `A wake-up in the past comes at once`() async throws {
        let loop = try EventLoop(label: "past")
        let calls = Box(0)
        loop.start { _ in
            if calls.value == 0 { loop.wake(at: .zero) }
            calls.update { $0 += 1 }
        }
        loop.execute {}
        await calls.wait("post and wake-up") { $0 == 2 }
        await loop.stopAndWait()
    }

    @Test func `Posted work runs in order, on the loop, and the handler follows it`() async throws {
        let loop = try EventLoop(label: "posts")
        let seen = Box<[Int]>([])
        loop.start { _ in
            loop.checkIsolated()
            seen.update { $0.append(-1) }
        }
        for number in 0..<1000 {
            loop.execute {
                loop.checkIsolated()
                seen.update { $0.append(number) }
            }
        }
        await seen.wait("all") { $0.filter { $0 >= 0 }.count == 1000 && $0.last == -1 }
        #expect(seen.value.filter { $0 >= 0 } == Array(0..<1000))
        await loop.stopAndWait()
    }

    @Test func `Posts from many threads are all run, also while the loop lingers in the kernel`()
        async throws
    {
        let loop = try EventLoop(label: "mailbox")
        loop.start { _ in }
        let total = Box(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<2000 {
                        _ = await loop.perform { total.update { $0 += 1 } }
                    }
                }
            }
        }
        #expect(total.value == 8000)
        await loop.stopAndWait()
    }

    @Test func `An actor pinned to a loop is isolated in the handler, in posts and in its jobs`()
        async throws
    {
        let loop = try EventLoop(label: "pinned")
        let actor = Pinned(loop: loop)
        let turns = Box(0)
        loop.start { _ in
            let count = actor.assumeIsolated { $0.bump() }
            turns.update { $0 = count }
        }
        loop.execute { _ = actor.assumeIsolated { $0.bump() } }
        await turns.wait("handler after post") { $0 >= 2 }
        #expect(await actor.bumpOnLoop() >= 3)
        // Tasks and continuations end also on a stopped loop.
        await loop.stopAndWait()
        #expect(await actor.bumpOnLoop() >= 4)
        let late = await loop.perform { () -> SystemError? in
            do throws(SystemError) {
                try loop.watch(fd: 0, token: 1)
                return nil
            } catch {
                return error
            }
        }
        #expect(late == .closed)
    }

    @Test func `Watching from elsewhere than the loop ends the process`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(label: "misuse")
            loop.setWriteInterest(fd: 0, true)
        }
    }

    @Test func `Paused reads come back by themselves`() async throws {
        let loop = try EventLoop(label: "pause")
        var ends: [Int32] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (ours, theirs) = (ends[0], ends[1])
        let reported = Box<[Duration]>([])
        let until = EventLoop.now + .milliseconds(50)
        loop.start { batch in
            guard !batch.isEmpty else { return }
            reported.update { $0.append(EventLoop.now) }
            loop.setReadInterest(fd: ours, false)
        }
        loop.execute {
            try? loop.watch(fd: ours, token: 1)
            loop.pauseReads(fd: ours, until: until)
        }
        _ = unsafe Glibc.write(theirs, "x", 1)
        await reported.wait("readable again") { !$0.isEmpty }
        #expect((reported.value.first ?? .zero) >= until)
        _ = await loop.perform { loop.unwatch(fd: ours) }
        await loop.stopAndWait()
        Glibc.close(ours)
        Glibc.close(theirs)
    }

    @Test func `An unwatched descriptor is reported no more, and its number can be watched again`()
        async throws
    {
        let loop = try EventLoop(label: "again")
        var ends: [Int32] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (ours, theirs) = (ends[0], ends[1])
        let tokens = Box<[UInt64]>([])
        loop.start { batch in
            for event in batch {
                tokens.update { $0.append(event.token) }
                loop.setReadInterest(fd: ours, false)
            }
        }
        _ = unsafe Glibc.write(theirs, "x", 1)
        loop.execute {
            try? loop.watch(fd: ours, token: 1)
            loop.unwatch(fd: ours)
            loop.unwatch(fd: ours)
            try? loop.watch(fd: ours, token: 2)
        }
        await tokens.wait("reported") { !$0.isEmpty }
        #expect(tokens.value == [2])
        await loop.stopAndWait()
        Glibc.close(ours)
        Glibc.close(theirs)
    }

    @Test func `A stopped loop lets go of its handler, and a dropped one too`() async throws {
        let probes = Box<[Weak]>([])
        do {
            let loop = try EventLoop(label: "stopped")
            let actor = Pinned(loop: loop)
            probes.update { $0 = [Weak(actor)] }
            loop.start { _ in _ = actor.assumeIsolated { $0.bump() } }
            _ = await actor.bumpOnLoop()
            await loop.stopAndWait()
        }
        do {
            let loop = try EventLoop(label: "dropped")
            let token = Token()
            probes.update { $0.append(Weak(token)) }
            loop.start { _ in withExtendedLifetime(token) {} }
        }
        await probes.wait("released") { $0.allSatisfy { $0.object == nil } }
    }

    @Test func `A loop may be stopped before it starts, twice, and from its own handler`()
        async throws
    {
        let unstarted = try EventLoop(label: "unstarted")
        await unstarted.stopAndWait()
        await unstarted.stopAndWait()
        let loop = try EventLoop(label: "own")
        let stopped = Box(false)
        loop.start { _ in loop.stop { stopped.update { $0 = true } } }
        loop.execute {}
        await stopped.wait("stopped") { $0 }
    }
}

private final class Token: Sendable {}

/// Looks at an object without holding it.
private struct Weak: Sendable {
    weak let object: (any AnyObject & Sendable)?

    init(_ object: any AnyObject & Sendable) { self.object = object }
}

private actor Pinned {
    let loop: EventLoop
    private var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(loop: EventLoop) { self.loop = loop }

    func bump() -> Int {
        count += 1
        return count
    }

    func bumpOnLoop() -> Int {
        loop.checkIsolated()
        // A call that must be on the loop, made from a job of an actor pinned to it.
        loop.wake(at: EventLoop.now + .seconds(3600))
        return bump()
    }
}
