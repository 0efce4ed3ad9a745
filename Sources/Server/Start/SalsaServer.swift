package import Logging
package import Model
import Storage
package import Transport

/// A running server: listeners, shards, journal, database.
package final class SalsaServer: Sendable {
    /// Where it listens, with the real ports.
    package let addresses: [SocketAddress]
    /// The pattern to try it with, when there is a demo.
    package let demoPattern: Identifier?
    let shards: [Shard]
    private let services: Services
    private let keeper: StreamKeeper
    private let database: any Database
    private let tls: TLSContext?
    /// Where certificate files are read: a file system may hang.
    private let certificateQueue = SerialQueueExecutor(label: "certificates")
    /// Held for as long as the server runs.
    private let directory: DataDirectory

    /// Opens the data, brings it up to date, and begins to listen. Ports are bound first, so that a
    /// port in use leaves the data untouched.
    package static func start(
        _ configuration: ServerConfiguration, log: Logger
    ) async throws(StartError) -> SalsaServer {
        let listening = try Listening(configuration.listen, tls: configuration.tls)
        let opened = try open(configuration, log: log)
        do {
            return try await SalsaServer(configuration, opened, listening, log: log)
        } catch {
            throw .noMemory(error)
        }
    }

    /// Reads certificate and key again: new connections get what they hold, open ones go on. Takes
    /// as long as the files do, on a thread of its own; call it again only when it has returned.
    /// - Throws: what is wrong with them; the old ones stay.
    package func reloadCertificates() async throws(TLSContextError) {
        guard let tls else { return }
        let outcome: Result<Void, TLSContextError> = await withCheckedContinuation { loaded in
            certificateQueue.execute {
                loaded.resume(
                    returning: Result { () throws(TLSContextError) in try tls.reload() })
            }
        }
        try outcome.get()
    }

    private struct Opened {
        let directory: DataDirectory
        let database: any Database
        let epoch: Int64
        let cursorKeys: CursorKeys
        let ranking: Ranking
        let demoPattern: Identifier?
        let nonceKey: [UInt8]
    }

    private static func open(
        _ configuration: ServerConfiguration, log: Logger
    ) throws(StartError) -> Opened {
        let nowMs = EventLoop.wallClockMs
        let directory: DataDirectory
        do throws(DataDirectoryError) {
            directory = try DataDirectory(path: configuration.dataPath)
        } catch {
            throw .data(error)
        }
        do {
            let opened = try directory.openDatabase(nowMs: nowMs)
            if opened.rewound {
                log.warning("an older database was put back: clients will take up a new epoch")
            }
            let stale = try StaleRows.refresh(opened.database, nowMs: nowMs, log: log)
            if stale > 0 { log.notice("brought \(stale) pattern rows up to date") }
            let makesDemo =
                configuration.makesDemo || configuration.listen.allSatisfy(\.isLoopback)
            let epoch = opened.incarnation.epochMs
            let demo = try opened.database.write { connection in
                try Demo.prepare(
                    connection, makes: makesDemo,
                    passwordHash: { try PasswordHash.hash(Demo.password) }, epoch: epoch,
                    nowMs: nowMs)
            }
            return Opened(
                directory: directory, database: opened.database, epoch: epoch,
                cursorKeys: try CursorKeys(directory: directory, nowMs: nowMs),
                ranking: try opened.database.read { try RankingBuild.ranking($0, nowMs: nowMs) },
                demoPattern: demo,
                nonceKey: try KeyFile.open(
                    "provider-nonce.key", in: configuration.dataPath, random: RandomBytes.make))
        } catch let error as DataDirectoryError {
            throw .data(error)
        } catch {
            throw .database(error)
        }
    }

    private init(
        _ configuration: ServerConfiguration, _ opened: Opened, _ listening: Listening, log: Logger
    ) async throws {
        tls = listening.tls
        directory = opened.directory
        database = opened.database
        demoPattern = opened.demoPattern
        addresses = listening.addresses
        let health = Health()
        let journal = Journal(
            writer: JournalWriter(database: database, incarnation: directory), health: health,
            addedSyncDelay: configuration.addedSyncDelay, log: log)
        var publicURL =
            configuration.publicURL
            ?? "\(configuration.isSecure ? "https" : "http")://\(addresses[0])"
        if publicURL.hasSuffix("/") { publicURL.removeLast() }
        let sink: any MailSink =
            configuration.mail.server.map { SMTPSink($0) }
            ?? MailSpool(path: configuration.dataPath + "/mail")
        let services = Services(
            configuration: configuration,
            hosts: HostPolicy(configuration: configuration, bound: addresses),
            epoch: opened.epoch, journal: journal, reader: Reader(database: database),
            cursors: SignedCursor(keys: opened.cursorKeys), cursorKeys: opened.cursorKeys,
            rankings: Rankings(first: opened.ranking),
            passwords: WorkerPool(
                label: "passwords", width: max(1, configuration.shards / 2),
                waitingMax: Limits.passwordQueueMax),
            admission: Admission(
                rules: configuration.admission, descriptors: DescriptorLimit.raise(),
                now: EventLoop.now),
            rates: CallRates(now: EventLoop.now),
            proxies: configuration.admission.proxies, health: health,
            mailer: Mailer(
                database: database, journal: journal, sink: sink,
                from: configuration.mail.sender(publicURL: publicURL), log: log),
            letters: Letters(publicURL: publicURL),
            providers: Providers(
                configuration.providers, nonceKey: opened.nonceKey, log: log), log: log)
        self.services = services
        keeper = StreamKeeper(
            journal: journal, mailer: services.mailer, digests: Digests(publicURL: publicURL),
            log: log)
        var made: [Shard] = []
        for index in 0..<configuration.shards {
            made.append(try Shard(index: index, services: services))
        }
        let shards = made
        self.shards = shards
        await journal.start { report in
            switch report {
            case .outcomes(let outcomes, let shard):
                shards[shard].post { $0.settle(outcomes) }
            case .readOnly(let isReadOnly):
                for shard in shards { shard.post { $0.setReadOnly(isReadOnly) } }
            }
        }
        for shard in shards { await shard.start(shards: shards) }
        for listener in listening.listeners { try await shards[0].listen(on: listener) }
        await listenLocally(on: shards[0])
        services.mailer.wake()
        keeper.start()
        shards[0].post { $0.sweepInboxes() }
        log.notice("letters go to \(sink.place)")
        health.setStarted()
    }

    /// `Protocol/social.md#local-socket`. Without it the server works, and is said to have to stop
    /// for administration.
    private func listenLocally(on shard: Shard) async {
        let path = AdministrationDesk.socketPath(in: directory.path)
        do {
            try await shard.listen(on: try Listener.bindLocal(path: path))
        } catch {
            services.log.warning("no administration while this runs: \(path): \(error)")
        }
    }

    /// Commits what was accepted, sends clients away with 1012, closes everything. Bounded by
    /// `Limits.stopSeconds`.
    package func stop() async {
        services.health.setStopping()
        services.mailer.stop()
        keeper.stop()
        await onEachShard { $0.settleRooms(completion: $1) }
        await onEachShard { $0.closePeers(completion: $1) }
        await services.journal.stop()
        for shard in shards {
            await withCheckedContinuation { continuation in
                shard.loop.stop { continuation.resume() }
            }
            await shard.forgetOthers()
        }
        do throws(DatabaseError) {
            try database.close()
        } catch {
            services.log.error("the database did not close: \(error)")
        }
        directory.release()
    }

    /// Runs `body` in a turn of each shard, and waits until each has called its completion.
    private func onEachShard(
        _ body: @escaping @Sendable (isolated Shard, @escaping @Sendable () -> Void) -> Void
    ) async {
        await withTaskGroup { group in
            for shard in shards {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        shard.post { body($0) { continuation.resume() } }
                    }
                }
            }
        }
    }
}
