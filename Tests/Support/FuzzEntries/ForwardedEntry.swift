import HTTP

/// RFC 7239 §4 and the common field before it: what a server behind proxies reads.
enum ForwardedEntry {
    /// Each line is a field line of either.
    static func lines(_ bytes: [UInt8]) throws(FuzzFailure) {
        let input = FuzzInput(bytes)
        var all: (forwarded: [ForwardedHop], common: [ForwardedHop]) = ([], [])
        var isWellFormed = true
        let lines = input.lines.map { String(decoding: $0, as: UTF8.self) }
        for line in lines {
            let hops = ForwardedHop.forwarded(line)
            isWellFormed = isWellFormed && hops != [.unknown]
            all.forwarded += hops
            try check(hops, mayStandAlone: false)
            let common = ForwardedHop.xForwardedFor(line)
            all.common += common
            try check(common, mayStandAlone: true)
        }
        // RFC 9110 §5.3: several lines are one with commas between them.
        let joined = lines.joined(separator: ", ")
        guard !lines.isEmpty else { return }
        try FuzzFailure.check(
            ForwardedHop.xForwardedFor(joined) == all.common, "lines are a list")
        try FuzzFailure.check(
            !isWellFormed || ForwardedHop.forwarded(joined) == all.forwarded, "lines are a list")
    }

    private static func check(
        _ hops: [ForwardedHop], mayStandAlone: Bool
    ) throws(FuzzFailure) {
        for case .host(let host) in hops {
            let colons = host.utf8.count { $0 == UInt8(ascii: ":") }
            if host.hasPrefix("[") {
                try FuzzFailure.check(host.hasSuffix("]") && colons > 0, "brackets hold IPv6")
            } else {
                try FuzzFailure.check(
                    colons == 0 || mayStandAlone && colons > 1, "no port stays")
            }
            // What was written once is read again.
            let again = mayStandAlone
                ? ForwardedHop.xForwardedFor(host) : ForwardedHop.forwarded("for=\(quoted(host))")
            try FuzzFailure.check(again == [.host(host)], "a host is its own field")
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }
}
