import CLinux
import Glibc

/// The kernel side of one loop: an epoll set with a timer and a doorbell in it. The only file that
/// knows epoll; a kqueue twin would offer the same verbs.
///
/// Level-triggered: what is left unread is reported again, so a bounded read per round loses
/// nothing. A descriptor is its own key in the set; the loop maps it to the caller's token.
// SAFETY: the events hold file descriptors in their union, never pointers, and stay inside.
@safe struct EpollSet {
    struct Event {
        let fd: Int32
        let readable: Bool
        let writable: Bool
        let hangup: Bool
    }

    /// Events taken from the kernel at a time. More wait in the kernel for the next round.
    static let eventsPerRoundMax = 256

    /// The descriptor that is readable while any watched one is ready.
    let descriptor: Int32
    let timer: Int32
    let doorbell: Int32
    private var buffer: [epoll_event]

    init() throws(SystemError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .last }
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        guard timer >= 0 else {
            let error = SystemError.last
            Glibc.close(descriptor)
            throw error
        }
        doorbell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard doorbell >= 0 else {
            let error = SystemError.last
            Glibc.close(descriptor)
            Glibc.close(timer)
            throw error
        }
        // SAFETY: plain structs, all zero; `wait` reads only those that the kernel filled.
        unsafe buffer = [epoll_event](repeating: epoll_event(), count: Self.eventsPerRoundMax)
        do throws(SystemError) {
            try add(timer, read: true, write: false)
            try add(doorbell, read: true, write: false)
        } catch {
            close()
            throw error
        }
    }

    func add(_ fd: Int32, read: Bool, write: Bool) throws(SystemError) {
        try control(EPOLL_CTL_ADD, fd, Self.mask(read: read, write: write))
    }

    func modify(_ fd: Int32, read: Bool, write: Bool) throws(SystemError) {
        try control(EPOLL_CTL_MOD, fd, Self.mask(read: read, write: write))
    }

    func remove(_ fd: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, fd, 0)
    }

    /// Asks the kernel what is ready, waiting at most `timeoutMs`; returns how many events.
    mutating func wait(timeoutMs: Int32) -> Int {
        // SAFETY: the kernel writes at most `count` events into the array's own storage.
        let count = unsafe buffer.withUnsafeMutableBufferPointer { events in
            unsafe clinux_epoll_wait(descriptor, events.baseAddress, Int32(events.count), timeoutMs)
        }
        // EINTR is the only error a valid set can give; the next round asks again.
        return max(0, Int(count))
    }

    /// The event at `index` of the last `wait`.
    func event(_ index: Int) -> Event {
        let raw = unsafe buffer[index]
        // SAFETY: `control` wrote the same member of the union.
        let fd = unsafe raw.data.fd
        let events = unsafe raw.events
        return Event(
            fd: fd,
            readable: events & EPOLLIN.rawValue != 0,
            writable: events & EPOLLOUT.rawValue != 0,
            hangup: events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
    }

    /// Lets the timer fire once at `deadline` on the monotonic clock; at once if it has passed.
    func arm(at deadline: Duration) {
        let parts = max(deadline, .nanoseconds(1)).components  // a zero time would disarm
        var time = itimerspec()
        time.it_value.tv_sec = Int(parts.seconds)
        time.it_value.tv_nsec = Int(parts.attoseconds / 1_000_000_000)
        // SAFETY: reads one struct that lives through the call, and writes no old value.
        _ = unsafe timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &time, nil)
    }

    /// Takes back the readable state of the timer or the doorbell.
    func silence(_ fd: Int32) {
        var ticks: UInt64 = 0
        // SAFETY: both kinds of descriptor give exactly 8 bytes, or EAGAIN.
        _ = unsafe Glibc.read(fd, &ticks, MemoryLayout<UInt64>.size)
    }

    /// Makes a `wait` in progress return. Callable from any thread while the set is open.
    static func ring(_ doorbell: Int32) {
        var one: UInt64 = 1
        // SAFETY: an eventfd takes exactly 8 bytes.
        _ = unsafe Glibc.write(doorbell, &one, MemoryLayout<UInt64>.size)
    }

    func close() {
        Glibc.close(timer)
        Glibc.close(doorbell)
        Glibc.close(descriptor)
    }

    private func control(_ verb: Int32, _ fd: Int32, _ events: UInt32) throws(SystemError) {
        // SAFETY: a plain struct, which the kernel copies during the call.
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.fd = fd
        let status = unsafe epoll_ctl(descriptor, verb, fd, &event)
        guard status == 0 else { throw .last }
    }

    private static func mask(read: Bool, write: Bool) -> UInt32 {
        (read ? EPOLLIN.rawValue : 0) | (write ? EPOLLOUT.rawValue : 0)
    }
}
