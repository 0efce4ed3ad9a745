package import Model

/// A final refusal of one edit: it consumed its `seq`, and stays refused however often it is sent.
package struct Verdict: Hashable, Sendable {
    package var seq: Int64
    package var error: WireError

    package init(seq: Int64, error: WireError) {
        self.seq = seq
        self.error = error
    }

    package var json: JSON {
        var object: JSON.Object = [
            "seq": .integer(seq), "code": .string(error.name.rawValue),
            "message": .string(error.message),
        ]
        error.details(into: &object)
        return .object(object)
    }

    package init?(json: JSON) {
        guard let object = json.object, let seq = object["seq"]?.int,
            let name = object["code"]?.string.flatMap(ErrorName.init)
        else { return nil }
        self.seq = seq
        error = WireError(name, object["message"]?.string ?? "")
        error.readDetails(from: object)
    }
}

/// The data of a `settled` event. `Protocol/rooms.md#settlement`.
package struct Settlement: Hashable, Sendable {
    /// Nothing from `from` on was taken, for a passing reason.
    package struct Retry: Hashable, Sendable {
        package var from: Int64
        package var code: ErrorName
        package var retryAfterMs: Int64

        package init(from: Int64, code: ErrorName, retryAfterMs: Int64) {
            self.from = from
            self.code = code
            self.retryAfterMs = retryAfterMs
        }
    }

    package var replica: ReplicaID
    package var through: Int64
    package var refused: [Verdict]
    package var retry: Retry?

    package init(
        replica: ReplicaID, through: Int64, refused: [Verdict] = [], retry: Retry? = nil
    ) {
        self.replica = replica
        self.through = through
        self.refused = refused
        self.retry = retry
    }

    package var json: JSON {
        var object: JSON.Object = [
            "replica": .string(replica.text), "through": .integer(through),
        ]
        if !refused.isEmpty { object["refused"] = .array(refused.map(\.json)) }
        if let retry {
            object["retry"] = [
                "from": .integer(retry.from), "code": .string(retry.code.rawValue),
                "retryAfterMs": .integer(retry.retryAfterMs),
            ]
        }
        return .object(object)
    }

    package init?(json: JSON) {
        guard let object = json.object, let through = object["through"]?.int,
            EditRequest.seqs.contains(through),
            let replica = object["replica"]?.string.flatMap(ReplicaID.init)
        else { return nil }
        self.replica = replica
        self.through = through
        refused = (object["refused"]?.array ?? []).compactMap(Verdict.init(json:))
        if let retry = object["retry"]?.object, let from = retry["from"]?.int {
            self.retry = Retry(
                from: from, code: retry["code"]?.string.flatMap(ErrorName.init) ?? .internal,
                retryAfterMs: retry["retryAfterMs"]?.int ?? 0)
        }
    }
}
