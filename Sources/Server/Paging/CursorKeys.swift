import Crypto
import Storage
import Synchronization

/// The keys that cursors are signed with, in the data directory's file `cursor-keys`: the current
/// one, and the one before, so that a change leaves the lists that are being read as they are.
final class CursorKeys: Sendable {
    /// A cursor is taken for one such span at least, and for two at most.
    static let rotationDays: Int64 = 7
    static let fileName = "cursor-keys"

    private static let keyBytes = 32
    private static let fileBytes = 8 + 2 * keyBytes

    private struct State {
        /// When the current key was made.
        var sinceMs: Int64
        /// The current one first.
        var keys: [SymmetricKey]
    }

    private let directory: DataDirectory
    private let state: Mutex<State>

    /// Reads the keys. Makes new ones when there are none, or when the file is no such file: the
    /// lists that are being read then begin again.
    init(directory: DataDirectory, nowMs: Int64) throws(DataDirectoryError) {
        self.directory = directory
        let found = try directory.read(file: Self.fileName, bytesMax: Self.fileBytes + 1)
        if let known = found.flatMap(Self.state(of:)) {
            state = Mutex(known)
        } else {
            let made = State(
                sinceMs: nowMs,
                keys: [SymmetricKey(size: .bits256), SymmetricKey(size: .bits256)])
            try directory.replace(file: Self.fileName, Self.bytes(of: made))
            state = Mutex(made)
        }
        try rotateIfDue(nowMs: nowMs)
    }

    /// The current one first.
    var keys: [SymmetricKey] { state.withLock { $0.keys } }

    /// To be called now and then, from one thread at a time, off the event loops: it waits for the
    /// disk when a new key is due. Nothing is signed with a key that a restart would not find.
    func rotateIfDue(nowMs: Int64) throws(DataDirectoryError) {
        let old = state.withLock { $0 }
        let dueMs = old.sinceMs + Self.rotationDays * 86_400_000
        // A clock that was in the future is not waited for.
        guard nowMs >= dueMs || nowMs < old.sinceMs else { return }
        let new = State(
            sinceMs: nowMs, keys: [SymmetricKey(size: .bits256), old.keys[0]])
        try directory.replace(file: Self.fileName, Self.bytes(of: new))
        state.withLock { $0 = new }
    }

    private static func bytes(of state: State) -> [UInt8] {
        let time = UInt64(bitPattern: state.sinceMs)
        return (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) }
            + state.keys.flatMap { key in
                unsafe key.withUnsafeBytes { bytes in
                    // SAFETY: copied while the key lends its bytes.
                    unsafe Array(bytes)
                }
            }
    }

    private static func state(of bytes: [UInt8]) -> State? {
        guard bytes.count == fileBytes else { return nil }
        let time = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return State(
            sinceMs: Int64(bitPattern: time),
            keys: [
                SymmetricKey(data: bytes[8..<8 + keyBytes]),
                SymmetricKey(data: bytes[(8 + keyBytes)...]),
            ])
    }
}
