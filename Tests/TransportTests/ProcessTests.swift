import Dispatch
import Glibc
import Testing

import Transport

@Suite(.timeLimit(.minutes(1)))
struct ProcessTests {
    @Test func `A full pool refuses, and what it took is run in order`() async {
        let pool = WorkerPool(label: "pool", width: 1, waitingMax: 2)
        let gate = DispatchSemaphore(value: 0)
        let done = Box<[Int]>([])
        #expect(pool.submit { gate.wait() })
        #expect(pool.submit { done.update { $0.append(1) } })
        #expect(pool.submit { done.update { $0.append(2) } })
        #expect(!pool.submit { done.update { $0.append(3) } })
        await #expect(throws: WorkerPool.Full.self) { try await pool.run { 1 } }
        gate.signal()
        await done.wait("both") { $0.count == 2 }
        #expect(done.value == [1, 2])
    }

    @Test func `A pool works as wide as it says, and is free again afterwards`() async throws {
        let pool = WorkerPool(label: "pool", width: 3, waitingMax: 0)
        for _ in 0..<3 {
            let gate = DispatchSemaphore(value: 0)
            let running = Box(0)
            for _ in 0..<3 {
                // A worker is idle again just after its work has ended.
                while !pool.submit({
                    running.update { $0 += 1 }
                    gate.wait()
                }) { await Task.yield() }
            }
            await running.wait("three at once") { $0 == 3 }
            #expect(!pool.submit {})
            for _ in 0..<3 { gate.signal() }
        }
        let roomy = WorkerPool(label: "roomy", width: 2, waitingMax: 10)
        #expect(try await roomy.run { 6 * 7 } == 42)
    }

    @Test func `An actor on a serial queue may block without stopping the others`() async {
        let actor = Blocking()
        let gate = DispatchSemaphore(value: 0)
        async let blocked: Void = actor.wait(gate)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { await Task.yield() } }
        }
        gate.signal()
        await blocked
    }

    @Test func `Termination signals are calls, and a broken pipe is no end`() async {
        await #expect(processExitsWith: .success) {
            let seen = Box<[TerminationSignals.Signal]>([])
            let signals = TerminationSignals()
            await signals.start { signal in seen.update { $0.append(signal) } }
            for (index, signal) in TerminationSignals.Signal.allCases.enumerated() {
                kill(getpid(), signal.number)
                await seen.wait("\(signal)") { $0.count == index + 1 }
            }
            #expect(seen.value == [.terminate, .interrupt, .hangUp])
            kill(getpid(), SIGTERM)
            await seen.wait("again") { $0.count == 4 }
            kill(getpid(), SIGPIPE)
            await signals.stop()
        }
    }

    @Test func `Usage is told of this process and of another`() throws {
        let own = try #require(ProcessUsage.of())
        let same = try #require(ProcessUsage.of(getpid()))
        #expect(own.residentBytes > 1 << 20)
        #expect(own.residentBytesMax >= own.residentBytes - 1 << 20)
        #expect(own.cpuTime > .zero)
        #expect(same.cpuTime + .milliseconds(20) >= own.cpuTime)
        #expect((own.descriptors ?? 0) >= 3)
        #expect(ProcessUsage.of(1) != nil)
        #expect(ProcessUsage.of(Int32.max) == nil)
    }

    @Test func `proc(5): a command name with brackets and spaces does not shift the fields`() {
        let stat = "42 (a) b (c)) S 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 0"
        #expect(ProcessUsage.time(stat: stat) == .seconds(3))
        #expect(ProcessUsage.time(stat: "42 (a") == nil)
    }

    @Test func `Random bytes have the length asked for and do not repeat`() {
        for count in 0..<40 { #expect(RandomBytes.make(count).count == count) }
        #expect(RandomBytes.make(16) != RandomBytes.make(16))
        let many = RandomBytes.make(100_000)
        #expect(Set(many).count == 256)
    }

    @Test func `The clocks go forward and know the century`() {
        let first = EventLoop.now
        #expect(EventLoop.now >= first)
        #expect(EventLoop.wallClockMs > 1_700_000_000_000)
    }
}

private actor Blocking {
    private let executor = SerialQueueExecutor(label: "blocking")

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    func wait(_ gate: DispatchSemaphore) { gate.wait() }
}
