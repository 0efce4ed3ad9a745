import Model
import Social

/// A service that people sign in with. `Protocol/providers.md#configuration`.
package struct ProviderConfiguration: Sendable {
    let name: ProviderName
    let issuers: [String]
    let keysURL: OutboundURL
    let clientIDs: [String]
    let algorithms: [SignatureAlgorithm]

    /// What is wrong with a file, for the person who starts the server.
    package struct FileError: Error, CustomStringConvertible {
        package let description: String
    }

    /// Those that have client ids.
    ///
    /// - Parameter file: text of a provider file; what it has wins.
    package static func all(
        google: [String], apple: [String], facebook: [String], file: [UInt8]?
    ) throws(FileError) -> [ProviderConfiguration] {
        let filed = try file.map { (bytes) throws(FileError) in try read(bytes) } ?? []
        let given: [(ProviderName, [String])] = [
            (.google, google), (.apple, apple), (.facebook, facebook),
        ]
        let known = given.compactMap { name, clientIDs in
            filed.contains { $0.name == name } ? nil : wellKnown(name, clientIDs)
        }
        let all = filed + known
        for provider in all where provider.clientIDs.count > Limits.clientIDsMax {
            throw FileError(
                description: "\(provider.name) has more than \(Limits.clientIDsMax) client ids")
        }
        return all
    }

    private static func wellKnown(
        _ name: ProviderName, _ clientIDs: [String]
    ) -> ProviderConfiguration? {
        let (issuers, keys) =
            switch name {
            case .google:
                (
                    ["https://accounts.google.com", "accounts.google.com"],
                    "https://www.googleapis.com/oauth2/v3/certs"
                )
            case .apple: (["https://appleid.apple.com"], "https://appleid.apple.com/auth/keys")
            case .facebook:
                (
                    ["https://www.facebook.com", "https://limited.facebook.com"],
                    "https://limited.facebook.com/.well-known/oauth/openid/jwks/"
                )
            }
        guard !clientIDs.isEmpty, let url = OutboundURL(keys, schemes: ["https"]) else {
            return nil
        }
        return ProviderConfiguration(
            name: name, issuers: issuers, keysURL: url, clientIDs: clientIDs,
            algorithms: [.rs256])
    }

    private static func read(_ file: [UInt8]) throws(FileError) -> [ProviderConfiguration] {
        guard let json = try? JSON.parse(file, limits: JSON.Limits()),
            let entries = json["providers"]?.array
        else { throw FileError(description: "it must be {\"providers\": [...]}") }
        var providers: [ProviderConfiguration] = []
        for entry in entries {
            let provider = try ProviderConfiguration(entry)
            guard !providers.contains(where: { $0.name == provider.name }) else {
                throw FileError(description: "\(provider.name) is there twice")
            }
            providers.append(provider)
        }
        return providers
    }

    private init(_ entry: JSON) throws(FileError) {
        guard let name = entry["name"]?.string.flatMap(ProviderName.init) else {
            throw FileError(description: "name must be google, apple or facebook")
        }
        let issuers = try Self.texts(entry, "issuers")
        let clientIDs = try Self.texts(entry, "clientIds")
        var algorithms = [SignatureAlgorithm.rs256]
        if entry["algorithms"] != nil {
            let names = try Self.texts(entry, "algorithms")
            algorithms = names.compactMap(SignatureAlgorithm.init)
            guard algorithms.count == names.count else {
                throw FileError(description: "algorithms of \(name) must be RS256 or ES256")
            }
        }
        guard
            let url = entry["keysUrl"]?.string.flatMap({
                OutboundURL($0, schemes: ["https", "http"])
            }), url.scheme == "https" || url.isLoopback
        else {
            throw FileError(
                description: "keysUrl of \(name) must be an https:// URL, or a loopback one")
        }
        self.init(
            name: name, issuers: issuers, keysURL: url, clientIDs: clientIDs,
            algorithms: algorithms)
    }

    init(
        name: ProviderName, issuers: [String], keysURL: OutboundURL, clientIDs: [String],
        algorithms: [SignatureAlgorithm]
    ) {
        self.name = name
        self.issuers = issuers
        self.keysURL = keysURL
        self.clientIDs = clientIDs
        self.algorithms = algorithms
    }

    private static func texts(_ entry: JSON, _ member: String) throws(FileError) -> [String] {
        let texts = entry[member]?.array?.compactMap(\.string) ?? []
        guard !texts.isEmpty, texts.count == entry[member]?.array?.count,
            texts.allSatisfy({ !$0.isEmpty })
        else { throw FileError(description: "\(member) must be an array of texts") }
        return texts
    }
}
