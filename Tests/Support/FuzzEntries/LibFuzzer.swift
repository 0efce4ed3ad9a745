import Glibc

/// The entry that libFuzzer was started for, by the environment variable of `Tests/fuzz`.
private let entry = unsafe getenv("SALSANOR_FUZZ_ENTRY")
    .flatMap { unsafe String(validatingCString: $0) }.flatMap(FuzzEntry.init)

/// What libFuzzer calls before it reads its arguments: adds the entry's own `-max_len`, so that no
/// run is spent on an input that the entry passes over.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    guard let entry else { preconditionFailure("SALSANOR_FUZZ_ENTRY names no entry") }
    // SAFETY: libFuzzer gives its own count and array of arguments, and reads from then on what
    // stands here instead: a longer array with a text of its own, both kept for good.
    let given = unsafe Int(count.pointee)
    let longer = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: given + 2)
    unsafe longer.initialize(from: arguments.pointee, count: given)
    unsafe (longer + given).initialize(to: strdup("-max_len=\(entry.bytesMax)"))
    unsafe (longer + given + 1).initialize(to: nil)
    unsafe arguments.pointee = longer
    unsafe count.pointee += 1
    return 0
}

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
