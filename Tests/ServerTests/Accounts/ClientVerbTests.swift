import Client
import Foundation
import Server
import TestSupport
import Testing
import Transport

/// The typed verbs of the Swift client, against a real server.
@Suite("The client's verbs", .serialized) struct ClientVerbTests {
    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch let ClientError.refused(error) {
            return error.code
        } catch {
            return "\(error)"
        }
    }

    @Test(.timeLimit(.minutes(1))) func `Patterns, from the first to the last`() async throws {
        let house = try await SocialHouse(people: 2, patterns: 0)
        let (ana, bea) = (house.clients[0], house.clients[1])
        let made = try await ana.patterns.create(
            title: "Son de la loma", flavor: "Salsa", bpm: 120, isPublic: false,
            instruments: [.init(id: "clave", volume: 0.8), .init(id: "cowbell", isEnabled: false)])
        #expect(made.summary.bpm == 120 && !made.isPublic && made.summary.role == "owner")
        let machine = try #require(made.document.machine)
        #expect(Set(machine.instruments.map(\.id)) == ["clave", "cowbell"])
        #expect(machine.instrument("clave")?.volume == 0.8)
        #expect(await code { _ = try await bea.patterns.get(made.id) } == "notFound")

        #expect(try await ana.patterns.publish(made.id).isPublic)
        #expect(try await bea.patterns.get(made.id).summary.ownerName == "Ana 0")
        #expect(try await ana.patterns.update(made.id, title: "Loma").summary.title == "Loma")
        #expect(await code { _ = try await bea.patterns.update(made.id, bpm: 99) } == "forbidden")
        #expect(
            await code { _ = try await ana.patterns.update(made.id, bpm: 9) } == "invalidParams")
        let found = try await bea.patterns.discover(bpm: 110...130, text: "lóma").page()
        #expect(found.elements.map(\.id) == [made.id])
        #expect(try await bea.patterns.discover(flavor: "Merengue").page().elements.isEmpty)
        let fork = try await bea.patterns.fork(made.id)
        #expect(fork.summary.originalId == made.id && fork.summary.title == "Loma (fork)")
        #expect(try await bea.patterns.play(made.id) == 1)
        #expect(try await bea.patterns.play(made.id) == 1)
        #expect(try await bea.patterns.like(made.id) == 1)
        #expect(try await bea.patterns.like(made.id) == 1)
        let likes = try await ana.patterns.likes(made.id).page()
        #expect(likes.elements.map(\.displayName) == ["Ana 1"] && likes.next == nil)
        #expect(try await bea.patterns.unlike(made.id) == 0)

        #expect(try await ana.patterns.delete(made.id) > EventLoop.wallClockMs)
        #expect(await code { _ = try await ana.patterns.get(made.id) } == "notFound")
        let deleted = try await ana.patterns.deleted().page()
        #expect(deleted.elements.map(\.pattern) == [made.id])
        #expect(try await ana.patterns.restore(made.id).summary.title == "Loma")
        #expect(try await !ana.patterns.unpublish(made.id).isPublic)
        try await house.stop { _ in }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A listing goes over all pages, and a page knows the next`() async throws {
        let house = try await SocialHouse(people: 1, patterns: 0)
        let ana = house.clients[0]
        var made: [String] = []
        for number in 0..<55 {
            made.append(try await ana.patterns.create(title: "Rueda \(number)").id)
        }
        var seen: [String] = []
        for try await pattern in ana.patterns.list() { seen.append(pattern.id) }
        #expect(seen == made.reversed())
        let first = try await ana.patterns.list().page(limit: 20)
        #expect(first.elements.map(\.id) == Array(seen[..<20]))
        let second = try await ana.patterns.list().page(after: first.next, limit: 40)
        #expect(second.elements.map(\.id) == Array(seen[20...]) && second.next == nil)
        #expect(await code { _ = try await ana.patterns.list().page(limit: 0) } == "invalidParams")
        var count = 0
        for try await _ in ana.patterns.list(owner: "\(SocialHouse.user(0))") { count += 1 }
        #expect(count == 55)
        try await house.stop { _ in }
    }

    @Test(.timeLimit(.minutes(1))) func `Comments and people`() async throws {
        let house = try await SocialHouse(people: 2)
        let (ana, bea) = (house.clients[0], house.clients[1])
        let (pattern, her) = ("\(SocialHouse.pattern(0))", "\(SocialHouse.user(0))")
        let comment = try await bea.patterns.comment(pattern, "Azúcar!")
        let reply = try await ana.patterns.comment(pattern, "¡Gracias!", answering: comment.id)
        #expect(reply.parent == comment.id && reply.user?.displayName == "Ana 0")
        let edited = try await bea.comments.update(comment.id, "¡Azúcar!")
        #expect(edited.isEdited && edited.text == "¡Azúcar!")
        #expect(await code { try await ana.comments.update(comment.id, "x") } == "forbidden")
        try await bea.comments.delete(comment.id)
        let left = try await ana.patterns.comments(pattern).page().elements
        #expect(left.count == 1 && left[0].isDeleted && left[0].user == nil)
        #expect(left[0].replyCount == 1)
        #expect(try await bea.comments.replies(comment.id).page().elements == [reply])

        try await bea.users.follow(her)
        let profile = try await bea.users.get(her)
        #expect(profile.followerCount == 1 && profile.isFollowing == true)
        let followers = try await ana.users.followers(of: her).page()
        #expect(followers.elements.map(\.id) == ["\(SocialHouse.user(1))"])
        #expect(
            try await ana.users.following(of: "\(SocialHouse.user(1))").page().elements.count == 1)
        try await bea.users.unfollow(her)
        try await ana.users.block("\(SocialHouse.user(1))")
        #expect(await code { try await bea.users.follow(her) } == "blocked")
        #expect(try await ana.users.blocked().page().elements.count == 1)
        try await ana.users.unblock("\(SocialHouse.user(1))")
        let guest = try SalsaClient(url: house.url)
        try await guest.openAsGuest()
        #expect(try await guest.users.get(her).isFollowing == nil)
        #expect(try await guest.patterns.play(pattern) == 1)
        #expect(await code { try await guest.patterns.like(pattern) } == "forbidden")
        guest.close()
        try await house.stop { _ in }
    }

    @Test(.timeLimit(.minutes(1))) func `Collaborators and links`() async throws {
        let house = try await SocialHouse(people: 3)
        let (ana, bea, caro) = (house.clients[0], house.clients[1], house.clients[2])
        let (pattern, her) = ("\(SocialHouse.pattern(0))", "\(SocialHouse.user(1))")
        let invited = try await ana.patterns.invite(her, to: pattern, as: "viewer")
        #expect(invited.acceptedAtMs == nil)
        #expect(try await bea.patterns.invitations().page().elements.map(\.pattern) == [pattern])
        try await bea.patterns.answerInvitation(to: pattern, accept: true)
        #expect(
            try await ana.patterns.setRole(of: her, in: pattern, to: "editor").role == "editor")
        let (link, secret) = try await ana.patterns.share(pattern, as: "viewer")
        #expect(try await ana.patterns.links(pattern) == [link])
        let opened = try await caro.patterns.openLink(try #require(secret))
        #expect(opened.summary.role == "viewer")
        try await ana.patterns.unshare(link.id)
        #expect(try await ana.patterns.collaborators(pattern).count == 2)
        try await bea.patterns.removeCollaborator(her, from: pattern)
        #expect(try await ana.patterns.collaborators(pattern).count == 1)
        try await house.stop { _ in }
    }

    @Test(.timeLimit(.minutes(1))) func `An account, until it is left`() async throws {
        let house = try await SocialHouse(people: 0, patterns: 0)
        let client = try SalsaClient(url: house.url)
        try await client.register(
            email: "lola@example.org", password: "son montuno 1941", displayName: "Lola")
        let account = client.account
        #expect(try await account.get().email == "lola@example.org")
        var changed = try await account.update(displayName: "Lola Flores", bio: .set("Timbal"))
        #expect(changed.displayName == "Lola Flores" && changed.bio == "Timbal")
        changed = try await account.update(bio: .remove)
        #expect(changed.bio == nil && changed.displayName == "Lola Flores")
        let preferences = try await account.setPreferences(defaultBpm: 96, theme: "dark")
        #expect(preferences.defaultBpm == 96 && preferences.theme == "dark")
        #expect(try await account.preferences() == preferences)
        #expect(try await client.patterns.create(title: "Slow").summary.bpm == 96)

        let phone = try SalsaClient(url: house.url)
        try await phone.signIn(email: "lola@example.org", password: "son montuno 1941")
        let sessions = try await account.sessions()
        #expect(sessions.count == 2)
        let other = try #require(sessions.first { !$0.isCurrent })
        try await account.revokeSession(other.id)
        for await state in phone.states {
            if case .signInNeeded = state { break }
        }
        #expect(
            await code {
                try await account.changePassword(from: "wrong", to: "guaguanco callejero")
            } == "unauthenticated")
        try await account.changePassword(from: "son montuno 1941", to: "guaguanco callejero")
        try await phone.signIn(email: "lola@example.org", password: "guaguanco callejero")
        let export = try await phone.account.export()
        #expect(export.contains("lola@example.org") && export.contains("\"patterns\":[{"))
        #expect(!export.contains("argon2"))
        try await phone.signOut()
        for await state in phone.states {
            if case .signInNeeded = state { break }
        }
        #expect(await code { _ = try await phone.account.get() } == "unauthenticated")
        #expect(try await account.delete(password: "guaguanco callejero") > EventLoop.wallClockMs)
        try await phone.signIn(email: "lola@example.org", password: "guaguanco callejero")
        #expect(try await phone.account.get().displayName == "Lola Flores")
        client.close()
        phone.close()
        try await house.stop { _ in }
    }

    /// Neither has a session: the client connects for the call, and lets go.
    @Test(.timeLimit(.minutes(1))) func `A password that was forgotten`() async throws {
        let house = try await SocialHouse(people: 1, patterns: 0)
        let client = try SalsaClient(url: house.url)
        try await client.account.requestPasswordReset(email: "ANA0@example.org")
        #expect(await client.state == .idle)
        let folder = URL(filePath: house.dataPath).appending(path: "mail")
        let letters = Shared<[URL]>([])
        try await eventually("the letter is there") {
            let found = try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            letters.withLock { $0 = found?.filter { $0.pathExtension == "eml" } ?? [] }
            return letters.withLock { !$0.isEmpty }
        }
        let letter = try String(
            contentsOf: #require(letters.withLock(\.first)), encoding: .utf8)
        let text = letter.replacing("=\r\n", with: "")
        let secret = try #require(text.firstMatch(of: /[0-9a-f]{64}/))
        try await client.account.resetPassword(
            secret: String(secret.output), to: "guaguanco callejero")
        try await client.signIn(email: "ana0@example.org", password: "guaguanco callejero")
        #expect(try await client.account.get().hasPassword)
        client.close()
        try await house.stop { _ in }
    }

    @Test(.timeLimit(.minutes(1))) func `An inbox in groups, with settings`() async throws {
        let house = try await SocialHouse(people: 4, patterns: 2)
        let (owner, pattern) = (house.clients[0], "\(SocialHouse.pattern(0))")
        for client in house.clients.dropFirst() { _ = try await client.patterns.like(pattern) }
        try await house.clients[1].users.follow("\(SocialHouse.user(0))")
        var groups = try await owner.inbox.groups().page().elements
        #expect(groups.map(\.kind) == ["follow", "like"])
        #expect(groups[1].actorCount == 3 && groups[1].count == 3)
        #expect(groups[1].actors.first?.displayName == "Ana 3")
        #expect(groups[1].pattern?.id == pattern)
        try await owner.inbox.markRead(groups[1])
        groups = try await owner.inbox.groups().page().elements
        #expect(groups.map(\.isRead) == [false, true])

        try await owner.inbox.set(["comment": false])
        try await owner.inbox.mute(pattern)
        var settings = try await owner.inbox.settings()
        #expect(settings.settings["comment"] == false && settings.settings["like"] == true)
        #expect(settings.muted == [pattern])
        try await owner.inbox.unmute(pattern)
        settings = try await owner.inbox.settings()
        #expect(settings.muted.isEmpty)
        try await house.stop { _ in }
    }
}
