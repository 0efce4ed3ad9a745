import Model
import Social
import Storage
import Wire

/// `comment.create`. `Protocol/social.md#comments`.
struct CreateComment: Command {
    let pattern: Identifier
    let text: String
    let parent: Identifier?

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try CommentRules.checkText(text)
        try call.requireAccess(to: pattern, .comment)
        try call.checkQuota(of: .comments)
        let answered = try parent.map { try checkParent($0, user, call) }
        let comment = CommentRecord(
            id: call.newIdentifier(), user: user, pattern: pattern, text: text, parent: parent,
            createdMs: call.nowMs)
        try CommentStore(call.connection).insert(comment)
        try tell(of: comment, answered: answered?.user, call)
        try call.publish(comment, &effects)
        return try call.answer(about: comment)
    }

    private func tell(
        of comment: CommentRecord, answered: Identifier?, _ call: CallContext
    ) throws {
        guard let owner = try call.owner(of: pattern) else { return }
        let notices = CommentAudience.notices(
            author: comment.user, owner: owner, answered: answered,
            mentioned: try call.mentioned(in: comment))
        for (user, kind) in notices { try call.tell(of: comment, kind, to: user) }
    }

    /// The comment that is answered.
    private func checkParent(
        _ parent: Identifier, _ user: Identifier, _ call: CallContext
    ) throws -> CommentRecord {
        let comments = CommentStore(call.connection)
        guard let answered = try comments.find(parent), answered.pattern == pattern else {
            throw WireError(
                .notFound, "no such comment on this pattern", path: "/parent")
        }
        guard answered.deletedMs == nil else { throw CommentRules.deleted("/parent") }
        try CommentRules.checkLevel(
            try comments.level(of: parent, max: Limits.commentDepthMax))
        if try BlockStore(call.connection).isBetween(user, answered.user) {
            throw PeopleRules.blocked("/parent")
        }
        return answered
    }
}

/// `comment.update`.
struct UpdateComment: Command {
    let comment: Identifier
    let text: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try CommentRules.checkText(text)
        let (found, access) = try call.comment(comment)
        try CommentRules.checkEdit(by: user, author: found.user)
        guard found.deletedMs == nil else { throw CommentRules.deleted("/comment") }
        try call.require(.comment, access, path: "/comment")
        if found.text != text {
            try CommentStore(call.connection).edit(comment, text: text, nowMs: call.nowMs)
            try tellMentioned(before: found, call)
            try call.publish(found, &effects)
        }
        return try call.answer(about: found)
    }

    /// Who is named since the edit, and was never told of the comment, whatever became of that.
    private func tellMentioned(before: CommentRecord, _ call: CallContext) throws {
        var after = before
        after.text = text
        let told = try InboxStore(call.connection).toldOf(comment: comment)
        let known = try told.union(call.mentioned(in: before)).union([before.user])
        let new = try call.mentioned(in: after).filter { !known.contains($0) }
        for user in new.prefix(max(0, Limits.mentionsMax - told.count)) {
            try call.tell(of: after, .mention, to: user)
        }
    }
}

/// `comment.delete`.
struct DeleteComment: Command {
    let comment: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        let (found, access) = try call.comment(comment)
        let isAuthor = user == found.user && access.allows(.withdraw)
        guard isAuthor || access.allows(.removeComments) else {
            throw WireError(
                .forbidden, "not yours to delete", path: "/comment",
                allowed: "author, owner of the pattern, administrator")
        }
        let comments = CommentStore(call.connection)
        let isDeleted = try comments.empty(found, nowMs: call.nowMs)
        if isDeleted {
            try call.notices.takeBack(comment: comment)
            try call.publish(found, &effects)
        }
        if isDeleted, !isAuthor, access.standing != .owner {
            try call.note(.removeComment, comment, reason: "comment.delete")
        }
        return ["commentCount": .integer(try comments.count(of: found.pattern))]
    }
}

/// `comment.list`.
struct ListComments: Query {
    let pattern: Identifier
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .see)
        return try CommentStore(call.connection)
            .page(of: pattern, for: call.user, after: try page.bound(call), limit: page.limit)
            .json("comments", page, call, \.json)
    }
}

/// `comment.replies`.
struct ListReplies: Query {
    let comment: Identifier
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        _ = try call.comment(comment)
        return try CommentStore(call.connection)
            .replies(to: comment, for: call.user, after: try page.bound(call), limit: page.limit)
            .json("comments", page, call, \.json)
    }
}

extension CallContext {
    fileprivate func tell(
        of comment: CommentRecord, _ kind: NoticeKind, to user: Identifier
    ) throws {
        try notices.tell(
            NewNotice(kind, actor: comment.user, pattern: comment.pattern, comment: comment.id),
            to: user)
    }

    /// Whom its text names, at most `mentionsMax`.
    fileprivate func mentioned(in comment: CommentRecord) throws -> [Identifier] {
        let store = MentionStore(connection)
        var mentioned: [Identifier] = []
        for names in MentionParser.candidates(in: comment.text) {
            for name in names {
                let people = try store.people(
                    called: name, at: comment.pattern, author: comment.user,
                    limit: Limits.mentionsMax)
                mentioned += people.filter { !mentioned.contains($0) }
                if !people.isEmpty { break }
            }
        }
        return Array(mentioned.prefix(Limits.mentionsMax))
    }

    /// Tells who has the pattern open of a comment, as it is now.
    func publish(_ comment: CommentRecord, _ effects: inout [Effect]) throws {
        effects.append(.countersChanged(comment.pattern))
        guard let listed = try CommentStore(connection).listed(comment.id, for: comment.user)
        else { return }
        effects.append(
            .publish(
                Publication(
                    .pattern(comment.pattern), .comment,
                    data: JSON.object(["comment": listed.json]).serialised(),
                    about: [comment.user])))
    }

    /// A comment of a pattern that the caller may see, and what they may do there.
    ///
    /// - Throws: `notFound` of the comment: nobody learns of a pattern by its comments.
    fileprivate func comment(
        _ id: Identifier
    ) throws -> (comment: CommentRecord, access: PatternAccess) {
        guard let comment = try CommentStore(connection).find(id),
            let access = try access(to: comment.pattern), access.allows(.see)
        else { throw CommentRules.noComment }
        return (comment, access)
    }

    /// The comment as its author sees it now, with the pattern's counter.
    fileprivate func answer(about comment: CommentRecord) throws -> JSON {
        let comments = CommentStore(connection)
        guard let listed = try comments.listed(comment.id, for: user) else {
            throw CommentRules.noComment
        }
        return [
            "comment": listed.json,
            "commentCount": .integer(try comments.count(of: comment.pattern)),
        ]
    }
}
