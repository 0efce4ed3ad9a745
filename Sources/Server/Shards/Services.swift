import Logging
import Model
import Storage
import Transport

/// What all shards share. Each part does its own locking, or is a value.
struct Services: Sendable {
    let configuration: ServerConfiguration
    let hosts: HostPolicy
    let epoch: Int64
    let journal: Journal
    let reader: Reader
    let cursors: SignedCursor
    let cursorKeys: CursorKeys
    let rankings: Rankings
    let passwords: WorkerPool
    let admission: Admission
    let rates: CallRates
    let proxies: TrustedProxies
    let health: Health
    let mailer: Mailer
    let letters: Letters
    let providers: Providers
    let log: Logger
    var catalogue: Catalogue { .current }
}
