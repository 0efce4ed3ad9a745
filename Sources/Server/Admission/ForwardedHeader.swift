import HTTP

/// The field in which the proxies of this server say whom they ask for; the raw value is the
/// option's.
package enum ForwardedHeader: String, CaseIterable, Sendable {
    /// Common use: nginx, Caddy, Traefik, HAProxy and cloud load balancers.
    case xForwardedFor = "x-forwarded-for"
    /// RFC 7239
    case forwarded

    var fieldName: String {
        switch self {
        case .xForwardedFor: "X-Forwarded-For"
        case .forwarded: "Forwarded"
        }
    }

    func hops(_ line: String) -> [ForwardedHop] {
        switch self {
        case .xForwardedFor: ForwardedHop.xForwardedFor(line)
        case .forwarded: ForwardedHop.forwarded(line)
        }
    }
}
