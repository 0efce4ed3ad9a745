/// The parameters of permessage-deflate as they stand in an offer or in an answer (RFC 7692 §7.1).
struct DeflateNegotiation: Equatable {
    static let name = "permessage-deflate"

    enum ClientWindow: Equatable {
        case absent
        /// Without a value, which only an offer may have (§7.1.2.2).
        case any
        /// 8...15
        case bits(Int)
    }

    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    /// 8...15
    var serverMaxWindowBits: Int?
    var clientMaxWindowBits = ClientWindow.absent

    /// nil for a parameter that is unknown, doubled, or has a value that is not allowed: such an
    /// offer is declined, such an answer fails the connection (§7.1).
    init?(_ parameters: [ExtensionHeader.Parameter]) {
        for (index, parameter) in parameters.enumerated() {
            guard !parameters[..<index].contains(where: { $0.name == parameter.name }) else {
                return nil
            }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = Self.bits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", nil): clientMaxWindowBits = .any
            case ("client_max_window_bits", let value?):
                guard let bits = Self.bits(value) else { return nil }
                clientMaxWindowBits = .bits(bits)
            default: return nil
            }
        }
    }

    /// §7.1.2: "a decimal integer value without leading zeroes between 8 to 15, inclusive".
    private static func bits(_ text: String) -> Int? {
        ["8", "9", "10", "11", "12", "13", "14", "15"].firstIndex(of: text).map { $0 + 8 }
    }

    /// The server's answer to the first offer that it can accept; nil for none.
    static func accept(
        _ elements: [ExtensionHeader.Element], _ configuration: DeflateConfiguration
    ) -> (answer: String, parameters: DeflateParameters)? {
        for element in elements where element.name == name {
            guard let offer = DeflateNegotiation(element.parameters),
                // zlib's raw deflate has no window of 256 bytes.
                offer.serverMaxWindowBits != 8
            else { continue }
            return offer.accepted(configuration.limits)
        }
        return nil
    }

    private func accepted(
        _ ours: DeflateParameters
    ) -> (answer: String, parameters: DeflateParameters) {
        var answer = Self.name
        var clientBits = 15
        let agreed: (server: Bool, client: Bool) = (
            serverNoContextTakeover || ours.serverNoContextTakeover,
            clientNoContextTakeover || ours.clientNoContextTakeover
        )
        if agreed.server { answer += "; server_no_context_takeover" }
        if agreed.client { answer += "; client_no_context_takeover" }
        let serverBits = min(serverMaxWindowBits ?? 15, ours.serverMaxWindowBits)
        if serverMaxWindowBits != nil || serverBits < 15 {
            answer += "; server_max_window_bits=\(serverBits)"
        }
        // §7.1.2.2: not in the answer unless it was in the offer; and a client that says 8 may use
        // it without our word.
        switch clientMaxWindowBits {
        case .bits(let bits) where bits >= 9: clientBits = min(bits, ours.clientMaxWindowBits)
        case .any: clientBits = ours.clientMaxWindowBits
        case .bits, .absent: break
        }
        if clientBits < 15 { answer += "; client_max_window_bits=\(clientBits)" }
        let parameters = DeflateParameters(
            serverNoContextTakeover: agreed.server, clientNoContextTakeover: agreed.client,
            serverMaxWindowBits: serverBits, clientMaxWindowBits: clientBits)
        return (answer, parameters)
    }

    /// The client's offer.
    static func offer(_ configuration: DeflateConfiguration) -> String {
        let ours = configuration.limits
        var offer = name
        if ours.serverNoContextTakeover { offer += "; server_no_context_takeover" }
        if ours.clientNoContextTakeover { offer += "; client_no_context_takeover" }
        if ours.serverMaxWindowBits < 15 {
            offer += "; server_max_window_bits=\(ours.serverMaxWindowBits)"
        }
        offer += "; client_max_window_bits"
        if ours.clientMaxWindowBits < 15 { offer += "=\(ours.clientMaxWindowBits)" }
        return offer
    }

    /// What the server's answer to `offer` means; nil when it does not fit the offer.
    static func agreement(
        _ element: ExtensionHeader.Element, _ configuration: DeflateConfiguration
    ) -> DeflateParameters? {
        let ours = configuration.limits
        guard element.name == name, let answer = DeflateNegotiation(element.parameters) else {
            return nil
        }
        // §7.1.1.1, §7.1.2.1: a server accepts what was asked of it by repeating it.
        guard answer.serverNoContextTakeover || !ours.serverNoContextTakeover else { return nil }
        let serverBits = answer.serverMaxWindowBits ?? 15
        guard serverBits <= ours.serverMaxWindowBits else { return nil }
        var clientBits = ours.clientMaxWindowBits
        switch answer.clientMaxWindowBits {
        case .absent: break
        case .any: return nil
        case .bits(let bits):
            // 8 is allowed, but zlib cannot compress so, and the server insists.
            guard bits >= 9, bits <= ours.clientMaxWindowBits else { return nil }
            clientBits = bits
        }
        return DeflateParameters(
            serverNoContextTakeover: answer.serverNoContextTakeover,
            clientNoContextTakeover: answer.clientNoContextTakeover
                || ours.clientNoContextTakeover,
            // A larger window decompresses what a smaller one made.
            serverMaxWindowBits: max(serverBits, 9), clientMaxWindowBits: clientBits)
    }
}
