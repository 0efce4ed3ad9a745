import Model

/// Live patterns. `Protocol/rooms.md`.
enum RoomMethods {
    static let room = Schema.Member.required("room", .identifier, "the pattern's id")
    private static let cursor = Schema.named(
        "RoomCursor",
        .object([
            .required("epoch", .integer(0...Int64.max), "of the room"),
            .required("number", .integer(0...Int64.max), "of the last edit that was applied"),
        ]))
    /// Pointers into the document: what is wrong with one is told of the edit, not of the call.
    private static let pointer = Schema.text(0...Limits.messageBytesMax, .exact)
    private static let pointers = Schema.array(pointer, count: 0...Limits.pathsPerEditMax)

    static let joinParams: [Schema.Member] = [
        room,
        .optional("cursor", cursor, "what was applied; without it the whole document comes"),
        .optional("replica", .replica, "the writer's identity to go on with"),
        .optional(
            "confirmed", .integer(0...Int64.max), "verdicts up to this seq were taken note of"),
        .optional("stamps", .boolean, "also the raw state, for full replicas"),
    ]

    private static let verdict = Schema.named(
        "Verdict",
        .object([
            .required("seq", .integer(EditRequest.seqs), "of the edit"),
            .required("code", .enumeration(ErrorName.allCases.map(\.rawValue)), "why"),
            .required("message", .text(0...Limits.messageBytesMax, .exact), "for people"),
            .optional("path", pointer, "where in the document"),
            .optional("allowed", .text(0...Limits.messageBytesMax, .exact), "what is taken there"),
            .optional("value", .json, "what stands there"),
        ]))

    private static let member = Schema.named(
        "RoomMember",
        .object([
            .required("member", .count, "number in this room"),
            .required("name", .shownName, "to be shown"),
            .required("role", .role, "what they may do"),
            .required("touching", .nullable(pointer), "where their hand is"),
        ]))

    private static let joined = Schema.named(
        "JoinResult",
        .object([
            .required("stream", .text(1...Limits.pointerCharactersMax, .line), "of its events"),
            .required("epoch", .count, "of the room"),
            .required("number", .count, "of the last edit that is in here"),
            .required("role", .role, "what one may do"),
            .required("recovered", .boolean, "whether there is a patch instead of a document"),
            .optional("document", .object([]), "all of it"),
            .optional("patch", .object([]), "the join of everything since from"),
            .optional("from", .count, "the cursor's number"),
            .optional(
                "replica",
                .object([
                    .required("id", .replica, "the writer's identity"),
                    .required("through", .integer(EditRequest.seqs), "settled up to here"),
                    .required(
                        "refused", .array(verdict, count: 0...Limits.verdictsPerReplicaMax),
                        "what was not taken, and is not confirmed"),
                    .required("renumber", .boolean, "send what is pending as 1, 2, 3"),
                ]), "only for who may edit"),
            .required("member", .count, "one's own number in this room"),
            .required(
                "members", .array(member, count: 0...Limits.membersPerRoomMax), "who is here"),
            .required("count", .count, "how many are here"),
            .required("hash", .text(1...Limits.pointerCharactersMax, .token), "of the document"),
            .optional("state", .json, "for full replicas"),
            .optional("playing", PlayingMethods.playing, "what is played, and who leads"),
        ]))

    private static let joinedExample: JSON = [
        "stream": "room:0198c5f0-0000-7000-8000-000000000001", "epoch": Examples.timeMs,
        "number": 57, "role": "owner", "recovered": true, "patch": [:], "from": 57,
        "replica": ["id": Examples.replica, "through": 8, "refused": [], "renumber": false],
        "member": 3,
        "members": [["member": 3, "name": "Ana", "role": "owner", "touching": .null]],
        "count": 1, "hash": "5d41402abc4b2a76b9719d911017c592",
    ]

    /// Free, like `resume` of `session.open`, which does the same.
    static let join = MethodDescription(
        "Enters a live pattern", caller: .guest, needsStream: true, rate: .free,
        params: joinParams, result: joined,
        errors: [.notFound, .foreignReplica, .limit, .busy],
        examples: [
            .init(
                "comes back to where it was",
                params: [
                    "room": Examples.pattern, "replica": Examples.replica,
                    "cursor": ["epoch": Examples.timeMs, "number": 57],
                ], result: joinedExample)
        ])

    static let leave = MethodDescription(
        "Leaves a live pattern", caller: .guest, needsStream: true, rate: .free,
        params: [room], result: .nothing, errors: [.notJoined],
        examples: [.init("one that was joined", params: ["room": Examples.pattern], result: [:])])

    static let edit = MethodDescription(
        "Changes a live pattern", caller: .user, needsStream: true, rate: .free,
        params: [
            room,
            .required("replica", .replica, "the writer's identity, of the join"),
            .required(
                "seq", .integer(1...EditRequest.seqs.upperBound), "counts the replica's edits"),
            .optional("base", cursor, "what its author had seen"),
            .optional("claimedMs", .integer(-(1 << 53)...(1 << 53)), "when it was made offline"),
            .optional("set", .map(keys: pointer, values: .json), "values by pointer"),
            .optional("add", pointers, "instruments"),
            .optional("remove", pointers, "instruments"),
            .optional("void", .boolean, "takes the edit back"),
            .optional("own", .boolean, "only where nobody else has written since"),
        ],
        result: .object([.optional("number", .count, "the edit's, unless it was settled before")]),
        errors: [
            .notJoined, .foreignReplica, .rate, .readOnly, .overloaded, .gap, .epoch,
            .unconfirmed, .unknownPath, .wrongType, .outOfRange, .length, .absent, .conflict,
            .empty, .voided, .superseded, .locked,
        ],
        examples: [
            .init(
                "turns the cowbell down",
                params: [
                    "room": Examples.pattern, "replica": Examples.replica, "seq": 8,
                    "base": ["epoch": Examples.timeMs, "number": 57],
                    "set": ["/machines/Salsa/instruments/cowbell/volume": 0.6],
                ], result: ["number": 58])
        ])

    static let presence = MethodDescription(
        "Says where one's hand is", caller: .guest, needsStream: true, rate: .free,
        params: [
            room,
            .optional(
                "touching", .text(1...Limits.pointerCharactersMax, .line),
                "a pointer to a field or an instrument; nothing if left out"),
        ],
        result: .nothing, errors: [.notJoined, .unknownPath],
        examples: [
            .init(
                "at the title", params: ["room": Examples.pattern, "touching": "/title"],
                result: [:])
        ])

    static let heal = MethodDescription(
        "Reports a document that differs, and gets it whole", caller: .guest, needsStream: true,
        rate: .read,
        params: [
            room,
            .required("number", .integer(0...Int64.max), "of the last edit that was applied"),
            .required(
                "state", .text(0...Limits.messageBytesMax, .exact), "the canonical document"),
        ],
        result: joined, errors: [.notJoined],
        examples: [
            .init(
                "after a difference",
                params: ["room": Examples.pattern, "number": 57, "state": "{}"],
                result: joinedExample)
        ])
}
