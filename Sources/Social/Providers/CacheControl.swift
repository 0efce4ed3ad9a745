import Model

/// How long a key set is kept (RFC 9111 §5.2.2).
package enum CacheControl {
    package static func keySetMs(_ field: String) -> Int64 {
        let longest = Int64(Limits.keySetHoursMax) * 3_600_000
        let shortest = Int64(Limits.keySetMinutesMin) * 60_000
        for directive in field.split(separator: ",") {
            let parts = directive.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, Self.trimmed(parts[0]).lowercased() == "max-age" else {
                continue
            }
            // RFC 9111 §1.2.2: a number too large counts as very large.
            let digits = Self.trimmed(parts[1]).filter { $0 != "\"" }
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
                return shortest
            }
            guard let seconds = Int64(digits), seconds < longest / 1_000 else { return longest }
            return max(shortest, seconds * 1_000)
        }
        return shortest
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.filter { $0 != " " && $0 != "\t" && $0 != "\r" && $0 != "\n" && $0 != "\r\n" })
    }
}
