import Client
import Foundation
import Model
import Storage
import TestSupport
import Testing
import Transport
import Wire

@testable import Server

/// `Protocol/social.md#administration`
@Suite(.serialized) struct AdministrationTests {
    private static func ban(_ number: Int) -> JSON.Object {
        var params: JSON.Object = .user(number)
        params["isActive"] = false
        params["reason"] = "spam"
        return params
    }

    @Test func `Who is banned is out at once, and cannot come back`() async throws {
        let house = try await SocialHouse(people: 2, administrators: [0])
        try await house.call(0, .adminSetActive, Self.ban(1))
        try await eventually("the socket of who was banned closes") {
            switch await house.clients[1].state {
            case .stopped, .signInNeeded: true
            default: false
            }
        }
        #expect(await house.refusal(0, .adminSetActive, Self.ban(0)) == "forbidden")
        let log = try await house.call(0, .adminLog, [:])["acts"]?.array
        #expect(log?.count == 1)
        #expect(log?.first?.object?["action"] == "ban")
        #expect(log?.first?.object?["reason"] == "spam")
        #expect(log?.first?.object?["administrator"] == JSON.Object.user(0)["user"])
        let left = try await house.stop {
            try SessionStore($0).list(of: SocialHouse.user(1), nowMs: 0)
        }
        #expect(left.isEmpty)
    }

    @Test func `Others may not, and who is an administrator no longer, neither`() async throws {
        let house = try await SocialHouse(people: 3, administrators: [0])
        #expect(await house.refusal(1, .adminUsers, [:]) == "forbidden")
        #expect(await house.refusal(1, .adminSetActive, Self.ban(2)) == "forbidden")
        // Not by a session, whoever has it.
        var grant: JSON.Object = .user(1)
        grant["isAdmin"] = true
        grant["reason"] = "why not"
        #expect(await house.refusal(0, .adminSetAdmin, grant) == "forbidden")
        let desk = AdministrationDesk(dataPath: house.dataPath)
        var revoke: JSON.Object = .user(0)
        revoke["isAdmin"] = false
        revoke["reason"] = "on leave"
        _ = try desk.call("admin.setAdmin", revoke)
        // The socket was opened while they were one.
        #expect(await house.refusal(0, .adminUsers, [:]) == "forbidden")
        #expect(await house.refusal(0, .adminSetActive, Self.ban(2)) == "forbidden")
        _ = try await house.stop { _ in }
    }

    @Test func `A removed pattern is gone for its owner, too`() async throws {
        let house = try await SocialHouse(people: 2, administrators: [1])
        var removal: JSON.Object = .pattern()
        removal["reason"] = "spam"
        try await house.call(1, .adminRemovePattern, removal)
        #expect(await house.refusal(0, .patternLike, .pattern()) == "notFound")
        #expect(await house.refusal(0, .patternGet, .pattern()) == "notFound")
        try await house.call(1, .adminRemovePattern, removal)
        let acts = try await house.call(1, .adminLog, [:])["acts"]?.array
        #expect(acts?.count == 1)
        _ = try await house.stop { _ in }
    }

    @Test func `What was removed is restored by either method, and logged`() async throws {
        let house = try await SocialHouse(people: 2, administrators: [1])
        var act: JSON.Object = .pattern()
        act["reason"] = "an error"
        try await house.call(1, .adminRemovePattern, act)
        #expect(await house.refusal(0, .adminRestorePattern, act) == "forbidden")
        try await house.call(1, .adminRestorePattern, act)
        try await house.call(0, .patternGet, .pattern())
        // There is nothing to undo now.
        try await house.call(1, .adminRestorePattern, act)
        try await house.call(1, .patternDelete, .pattern())
        #expect(await house.refusal(0, .patternGet, .pattern()) == "notFound")
        try await house.call(1, .patternRestore, .pattern())
        // An owner's own are nobody's acts.
        try await house.call(0, .patternDelete, .pattern())
        try await house.call(0, .patternRestore, .pattern())
        let acts = try await house.call(1, .adminLog, [:])["acts"]?.array ?? []
        #expect(
            acts.map { [$0.object?["action"]?.string, $0.object?["reason"]?.string] } == [
                ["restorePattern", "pattern.restore"], ["removePattern", "pattern.delete"],
                ["restorePattern", "an error"], ["removePattern", "an error"],
            ])
        _ = try await house.stop { _ in }
    }

    @Test func `Accounts are found by address, and all of them by pages`() async throws {
        let house = try await SocialHouse(people: 5, administrators: [0])
        let found = try await house.call(0, .adminUsers, ["text": "ANA3"])["users"]?.array
        #expect(found?.count == 1)
        #expect(found?.first?.object?["email"] == "Ana3@example.org")
        for text: JSON? in [nil, "ana"] {
            var ids: [JSON] = []
            var params: JSON.Object = ["limit": 2]
            params["text"] = text
            repeat {
                let page = try await house.call(0, .adminUsers, params)
                ids += page["users"]?.array?.compactMap { $0.object?["id"] } ?? []
                params["cursor"] = page["next"]
            } while params["cursor"] != nil
            // With the demo account, which no address of these begins like.
            #expect(ids.count(where: { $0.string?.isEmpty == false }) >= 5)
            #expect(Set(ids.compactMap(\.string)).count == ids.count)
        }
        _ = try await house.stop { _ in }
    }

    @Test func `A session is seen and ended`() async throws {
        let house = try await SocialHouse(people: 2, administrators: [0])
        let sessions = try await house.call(0, .adminSessions, .user(1))["sessions"]?.array
        let session = try #require(sessions?.first?.object?["id"])
        let end: JSON.Object = ["session": session, "reason": "stolen"]
        let answer = try await house.call(0, .adminRevokeSession, end)
        #expect(answer["user"] == JSON.Object.user(1)["user"])
        try await eventually("its socket closes") {
            switch await house.clients[1].state {
            case .stopped, .signInNeeded: true
            default: false
            }
        }
        #expect(await house.refusal(0, .adminRevokeSession, end) == "notFound")
        _ = try await house.stop { _ in }
    }

    @Test func `The first administrator is made beside a server, and without one`() async throws {
        let house = try await SocialHouse(people: 2)
        let desk = AdministrationDesk(dataPath: house.dataPath)
        func grant(_ number: Int) throws {
            var params: JSON.Object = .user(number)
            params["isAdmin"] = true
            params["reason"] = "the first"
            let account = try desk.call("admin.setAdmin", params)["user"]?.object
            #expect(account?["isAdmin"] == true)
        }
        try grant(0)
        let mode = try FileManager.default.attributesOfItem(
            atPath: house.dataPath + "/admin.sock")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // One that runs holds the lock; only the socket lets in.
        #expect(throws: DataDirectoryError.self) { try DataDirectory(path: house.dataPath) }
        _ = try await house.stop { _ in }
        #expect(!FileManager.default.fileExists(atPath: house.dataPath + "/admin.sock"))
        try grant(1)
        let acts = try desk.call("admin.log", [:])["acts"]?.array
        #expect(acts?.count == 2)
        #expect(acts?.allSatisfy { $0.object?["administrator"] == .null } == true)
        #expect(throws: AdministrationDesk.Refusal.self) { try desk.call("pattern.get", [:]) }
        #expect(throws: AdministrationDesk.Refusal.self) {
            try AdministrationDesk(dataPath: house.folder.path + "/none").call("admin.log", [:])
        }
    }

    @Test func `The local socket serves nothing but calls, and no user's`() async throws {
        let house = try await SocialHouse(people: 1)
        let path = AdministrationDesk.socketPath(in: house.dataPath)
        func ask(_ head: String, _ body: String) throws -> String {
            let request = "\(head) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let answer = try LocalSocket.exchange(
                path: path, request: Array(request.utf8), answerBytesMax: 1 << 20)
            return String(decoding: answer, as: UTF8.self)
        }
        #expect(try ask("GET /healthz", "").hasPrefix("HTTP/1.1 404"))
        #expect(try ask("GET /v1/socket", "").hasPrefix("HTTP/1.1 404"))
        let like = #"{"jsonrpc":"2.0","id":1,"method":"pattern.like","params":{}}"#
        #expect(try ask("POST /v1/rpc", like).contains("\"forbidden\""))
        let users = #"{"jsonrpc":"2.0","id":1,"method":"admin.users","params":{}}"#
        #expect(try ask("POST /v1/rpc", users).contains("Ana0@example.org"))
        _ = try await house.stop { _ in }
    }
}
