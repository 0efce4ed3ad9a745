import CCrypt
import Glibc

/// A bcrypt hash of another system: `$2b$10$` and 53 characters, also `$2a$` and `$2y$`.
struct BcryptHash {
    /// Each step doubles the time; 14 takes about a second.
    static let costMax = 14
    private static let textBytes = 60

    private let text: [UInt8]
    private let cost: Int

    /// Nil when the text is not of this form.
    init?(_ stored: String) {
        let bytes = Array(stored.utf8)
        guard bytes.count == Self.textBytes, ["$2a$", "$2b$", "$2y$"].contains(stored.prefix(4)),
            bytes[6] == UInt8(ascii: "$"), let cost = Int(stored.dropFirst(4).prefix(2)),
            bytes[7...].allSatisfy(Self.isDigit)
        else { return nil }
        self.text = bytes
        self.cost = cost
    }

    /// Right is always `okNeedsRehash`: we hash with Argon2id.
    ///
    /// bcrypt sees 72 bytes and stops at a NUL. A phrase with a NUL is wrong here, or everything
    /// after it would not matter.
    func verify(_ phrase: [UInt8]) -> PasswordVerdict {
        guard (4...Self.costMax).contains(cost) else { return .unreadable }
        guard !phrase.contains(0) else { return .wrong }
        guard let computed = compute(Array(phrase.prefix(72))) else { return .unreadable }
        guard computed.count == text.count else { return .unreadable }
        var difference: UInt8 = 0
        for (left, right) in zip(computed, text) { difference |= left ^ right }
        return difference == 0 ? .okNeedsRehash : .wrong
    }

    /// crypt(3) of the phrase under this hash's setting.
    private func compute(_ phrase: [UInt8]) -> [UInt8]? {
        // SAFETY: crypt_rn wants zeroed memory of the size of `crypt_data` (32 KiB, too much for a
        // small thread's stack), and answers with a pointer into it or null; the answer is copied
        // before the memory is wiped and freed. Phrase and setting end in NUL.
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer {
            unsafe explicit_bzero(memory, size)
            unsafe memory.deallocate()
        }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let input = (phrase + [0]).map { CChar(bitPattern: $0) }
        let setting = (text + [0]).map { CChar(bitPattern: $0) }
        guard let output = unsafe crypt_rn(input, setting, memory, Int32(size)) else { return nil }
        return unsafe Array(String(cString: output).utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
