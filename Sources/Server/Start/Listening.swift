import Transport

/// What a server listens on: the ports, and the certificates that they show.
struct Listening {
    let listeners: [Listener]
    /// Nil for plain TCP.
    let tls: TLSContext?

    /// Where it listens, with the real ports.
    var addresses: [SocketAddress] { listeners.map(\.address) }

    /// Loads the certificates, if there are any, and binds every address.
    init(
        _ addresses: [SocketAddress], tls files: [TLSContext.CertificateFiles]
    ) throws(StartError) {
        let tls: TLSContext?
        do throws(TLSContextError) {
            tls = files.isEmpty ? nil : try TLSContext(files)
        } catch {
            throw .tls(error)
        }
        var listeners: [Listener] = []
        do throws(ListenError) {
            for address in addresses {
                listeners.append(
                    try Listener.bind(host: address.host, port: address.port, tls: tls))
            }
        } catch {
            throw .listen(error)
        }
        self.listeners = listeners
        self.tls = tls
    }
}
