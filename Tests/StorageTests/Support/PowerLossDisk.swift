import CPowerLossVFS
import Synchronization

/// A SQLite VFS that forgets what was not synced, or fails on demand.
// SAFETY: the one unsafe property is made by cplRegister and freed only by deinit.
@safe final class PowerLossDisk {
    static let full: Int32 = 13
    static let writeFailed: Int32 = 10 | 3 << 8
    static let syncFailed: Int32 = 10 | 4 << 8

    private static let count = Mutex(0)
    let name: String
    private let disk: OpaquePointer

    init?() {
        name = "loss\(Self.count.withLock { $0 += 1; return $0 })"
        guard let disk = unsafe cplRegister(name) else { return nil }
        unsafe self.disk = disk
    }

    deinit {
        unsafe cplUnregister(disk)
    }

    var operations: Int64 { unsafe cplOperations(disk) }
    var failures: Int64 { unsafe cplFailures(disk) }
    var powerIsCut: Bool { unsafe cplPowerIsCut(disk) == 1 }

    func cutPower(at operation: Int64, seed: UInt64, survivors folder: String) {
        unsafe cplCutPowerAt(disk, operation, seed, folder)
    }

    func failWrites(_ code: Int32) { unsafe cplFailWrites(disk, code) }
    func failSyncs(_ code: Int32) { unsafe cplFailSyncs(disk, code) }
}
