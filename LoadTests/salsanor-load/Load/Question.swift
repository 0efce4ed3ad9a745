import Model
import Wire

/// One kind of read: a method, and what it is asked.
struct Question: Sendable {
    let name: String
    let method: Method
    /// What the verdict bounds: a list that everybody looks at, or a search.
    var isBounded = false
    /// Whether only the administrator may ask.
    var isAdministrative = false
    let params: @Sendable (inout SplitMix64) -> JSON.Object

    /// What there is to ask about.
    struct Town: Sendable {
        /// Popular ones and new ones; none is empty.
        let patterns: [JSON]
        let people: [JSON]
        let comments: [JSON]
    }

    /// Words of the seeded titles and names; accents left out, as people type.
    private static let words = [
        "guiro", "salsa", "luna caliente", "habana", "noche", "mambo rap", "ana", "tumbao azul",
        "bergen", "cas",
    ]

    static func all(_ town: Town) -> [Question] {
        let discover = Method.patternDiscover
        let pattern: @Sendable (inout SplitMix64) -> JSON.Object = {
            ["pattern": town.patterns.any(&$0)]
        }
        let user: @Sendable (inout SplitMix64) -> JSON.Object = { ["user": town.people.any(&$0)] }
        let nothing: @Sendable (inout SplitMix64) -> JSON.Object = { _ in [:] }
        let tempo: @Sendable (inout SplitMix64) -> JSON.Object = { random in
            let least = Int64(random.next() % 100) + 90
            return [
                "flavor": "Salsa", "bpmMin": .integer(least), "bpmMax": .integer(least + 20),
                "instrument": "guiro",
            ]
        }
        let ranked = ["mostPlayed", "mostLiked", "trending"].map { sort in
            Question(name: "discover \(sort)", method: discover, isBounded: true) { _ in
                ["sort": .string(sort)]
            }
        }
        return ranked + [
            Question(name: "discover newest", method: discover, isBounded: true, params: nothing),
            Question(name: "discover newest, filtered", method: discover, isBounded: true) {
                tempo(&$0)
            },
            Question(name: "discover mostLiked, filtered", method: discover, isBounded: true) {
                var params = tempo(&$0)
                params["sort"] = "mostLiked"
                return params
            },
            Question(name: "discover text", method: discover, isBounded: true) {
                ["text": .string(words.any(&$0))]
            },
            Question(name: "discover text, newest", method: discover, isBounded: true) {
                ["text": .string(words.any(&$0)), "sort": "newest"]
            },
            Question(name: "discover owner", method: discover, isBounded: true) {
                ["owner": town.people.any(&$0)]
            },
            Question(name: "pattern.get", method: .patternGet, params: pattern),
            Question(name: "pattern.list", method: .patternList) {
                ["owner": town.people.any(&$0)]
            },
            Question(name: "pattern.likes", method: .patternLikes, params: pattern),
            Question(name: "comment.list", method: .commentList, params: pattern),
            Question(name: "comment.replies", method: .commentReplies) {
                ["comment": town.comments.any(&$0)]
            },
            Question(name: "user.get", method: .userGet, params: user),
            Question(name: "user.followers", method: .userFollowers, params: user),
            Question(name: "user.following", method: .userFollowing, params: user),
            Question(name: "user.blocked", method: .userBlocked, params: nothing),
            Question(name: "account.get", method: .accountGet, params: nothing),
            Question(name: "account.sessions", method: .accountSessions, params: nothing),
            Question(name: "pattern.invitations", method: .patternInvitations, params: nothing),
            Question(name: "pattern.deleted", method: .patternDeleted, params: nothing),
            Question(
                name: "admin.users", method: .adminUsers, isAdministrative: true, params: nothing),
            Question(
                name: "admin.log", method: .adminLog, isAdministrative: true, params: nothing),
        ]
    }
}

extension Array {
    /// Any of an array that is not empty.
    func any(_ random: inout SplitMix64) -> Element {
        self[Int(random.next() % UInt64(count))]
    }
}
