import Glibc

/// The entry that libFuzzer was started for, by the environment variable of `Tests/fuzz`.
private let entry = unsafe getenv("SALSANOR_FUZZ_ENTRY")
    .flatMap { unsafe String(validatingCString: $0) }.flatMap(FuzzEntry.init)

/// What libFuzzer calls with each input. Nobody else does: in the tests it is never linked in.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let entry else { preconditionFailure("SALSANOR_FUZZ_ENTRY names no entry") }
    // SAFETY: libFuzzer gives `count` readable bytes for the time of this call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    do {
        try entry.run(bytes)
    } catch {
        preconditionFailure("\(entry.rawValue): \(error)")
    }
    return 0
}
