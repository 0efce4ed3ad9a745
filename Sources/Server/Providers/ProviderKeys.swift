import JWTKit
import Logging
import Model
import Social
import Synchronization
import Transport
import Wire

/// Checks the tokens of one provider, on a queue of its own: a provider that is slow to give its
/// keys holds up nobody else.
actor ProviderKeys {
    private nonisolated let executor: SerialQueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the executor is kept by this actor's own `let`.
        unsafe executor.asUnownedSerialExecutor()
    }

    nonisolated let configuration: ProviderConfiguration
    private let fetch: @Sendable (OutboundURL) throws -> (body: [UInt8], cacheControl: String)
    private let log: Logger
    private var cache = KeySetCache()
    private nonisolated let waiting = Atomic(0)

    /// - Parameter fetch: called on this queue; may block.
    init(
        _ configuration: ProviderConfiguration, log: Logger,
        fetch: @escaping @Sendable (OutboundURL) throws -> (body: [UInt8], cacheControl: String)
            = ProviderKeys.overCurl
    ) {
        self.configuration = configuration
        self.log = log
        self.fetch = fetch
        executor = SerialQueueExecutor(label: "provider-\(configuration.name.rawValue)")
    }

    /// From any thread.
    ///
    /// - Parameter completion: called on no queue of ours, or at once.
    nonisolated func check(
        _ token: String, nowMs: Int64,
        completion: @escaping @Sendable (Result<IDTokenClaims, WireError>) -> Void
    ) {
        let (_, count) = waiting.add(1, ordering: .relaxed)
        guard count <= Limits.providerCallsWaitingMax else {
            waiting.subtract(1, ordering: .relaxed)
            completion(.failure(.busy))
            return
        }
        // jwt-kit is asynchronous, and who calls is a loop, which waits for nothing: one task for
        // each call, as many as `providerCallsWaitingMax`. It ends by itself: fetching is bounded
        // by `keySetSeconds`, and checking a signature waits for nobody.
        Task {
            let result = await check(token, nowMs: nowMs)
            waiting.subtract(1, ordering: .relaxed)
            completion(result)
        }
    }

    // MARK: - On the provider's queue

    private func check(
        _ token: String, nowMs: Int64
    ) async -> Result<IDTokenClaims, WireError> {
        do {
            let header = try IDTokenHeader(token, algorithms: configuration.algorithms)
            let key = try key(header.keyID)
            guard key.algorithm == header.algorithm else { throw IDTokenHeader.Refusal.signature }
            let claims = try await key.claims(of: token)
            try claims.check(
                issuers: configuration.issuers, clientIDs: configuration.clientIDs, nowMs: nowMs)
            return .success(claims)
        } catch let error as WireError {
            return .failure(error)
        } catch let refusal as IDTokenHeader.Refusal {
            return .failure(.wrongToken(allowed: refusal.allowed))
        } catch let error as JWTError where error.errorType == .signatureVerificationFailed {
            return .failure(.wrongToken(allowed: IDTokenHeader.Refusal.signature.allowed))
        } catch let refusal as IDTokenClaims.Refusal {
            return .failure(.wrongToken(allowed: refusal.allowed))
        } catch {
            // JSON that jwt-kit, or the claims, could not read.
            return .failure(.wrongToken(allowed: IDTokenClaims.Refusal.malformed.allowed))
        }
    }

    private func key(_ id: String) throws(WireError) -> KeySet.Key {
        switch cache.find(id, now: EventLoop.now, fetch: fetchKeys) {
        case .key(let key): return key
        case .unknown:
            throw .wrongToken(allowed: "a token signed with a key that its provider has now")
        case .unavailable(let delay):
            throw WireError(
                .busy, "the provider's keys cannot be had now",
                retryAfterMs: max(1, delay.components.seconds * 1_000))
        }
    }

    private func fetchKeys() -> KeySetCache.Fetched? {
        let url = configuration.keysURL
        do {
            let (body, cacheControl) = try fetch(url)
            return KeySetCache.Fetched(
                keys: try KeySet(body),
                keptFor: .milliseconds(CacheControl.keySetMs(cacheControl)))
        } catch {
            let reason = error is KeySet.Unreadable ? "no key set, or too large" : "\(error)"
            log.warning(
                "a provider's keys cannot be had",
                metadata: ["url": "\(url.text)", "reason": "\(reason)"])
            return nil
        }
    }

    static func overCurl(_ url: OutboundURL) throws -> (body: [UInt8], cacheControl: String) {
        guard let handle = CurlHandle() else { throw WireError.busy }
        return try handle.get(
            url.text, authorities: nil, timeout: .seconds(Limits.keySetSeconds),
            bytesMax: Limits.keySetBytesMax)
    }
}

extension WireError {
    static func wrongToken(allowed: String) -> WireError {
        WireError(
            .unauthenticated, "this ID token is not taken", path: "/idToken", allowed: allowed)
    }
}
