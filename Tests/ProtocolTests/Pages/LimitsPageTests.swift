import Model
import Replica
import SourceFiles
import Testing

@Suite("limits.md") struct LimitsPageTests {
    private static func rows() throws -> [(name: String, value: String)] {
        try MarkdownTable.all(in: Repository.text("Protocol/limits.md")).flatMap { table in
            zip(table.cells("name"), table.cells("value")).map {
                (MarkdownTable.codes(in: $0)[0], $1)
            }
        }
    }

    @Test("names every limit of Limits.swift once, with its value, and no other")
    func limits() throws {
        let source = try Repository.text("Sources/Model/Limits/Limits.swift")
        var code: [String: Int64] = [:]
        for line in source.split(separator: "\n") {
            guard let constant = SwiftConstant(line) else { continue }
            code[constant.name] = constant.value
        }
        let rows = try Self.rows().filter { !$0.name.contains(".") }
        #expect(code.count > 40)
        #expect(Set(rows.map(\.name)).count == rows.count)
        #expect(Set(rows.map(\.name)) == Set(code.keys))
        for row in rows { #expect(Int64(row.value) == code[row.name], "\(row.name)") }
    }

    @Test("states the limits of other types as the code has them")
    func otherTypes() throws {
        let files = try Repository.files(under: "Sources", suffix: ".swift")
        let rows = try Self.rows().filter { $0.name.contains(".") }
        #expect(rows.count > 20)
        for row in rows {
            let parts = row.name.split(separator: ".")
            let constants = files.filter { $0.name == "\(parts[0]).swift" }
                .flatMap { $0.lines.flatMap { SwiftConstant.all(in: $0) } }
                .filter { $0.name == parts[1] }
            #expect(constants.map { "\($0.value)" } == [row.value], "\(row.name)")
        }
    }

    @Test("names every limit of the engine", arguments: ["HTTP", "WebSocket", "Transport"])
    func engine(target: String) throws {
        let names = Set(try Self.rows().map(\.name))
        for file in try Repository.files(under: "Sources/\(target)", suffix: ".swift") {
            let type = file.name.dropLast(".swift".count)
            for constant in file.lines.compactMap({ SwiftConstant($0) })
            where constant.name.hasSuffix("Max") || constant.name.hasSuffix("Min") {
                let isListed = names.contains("\(type).\(constant.name)")
                #expect(isListed, "\(type).\(constant.name)")
            }
        }
    }

    @Test("lists only limits that are used")
    func used() throws {
        let files = try Repository.files(under: "Sources", suffix: ".swift")
        for row in try Self.rows() where !row.name.contains(".") {
            #expect(files.contains { $0.text.contains("Limits.\(row.name)") }, "\(row.name)")
        }
    }

    @Test("holds the relations between limits")
    func relations() {
        #expect(Limits.messageBytesMax < Limits.socketMessageBytesMax)
        #expect(Limits.outboxSoftBytes < Limits.outboxHardBytes)
        #expect(Limits.messageBytesMax <= Limits.outboxSoftBytes)
        #expect(Limits.editsPerSecondMax < Limits.messagesPerSecondMax)
        #expect(Limits.editsBurstMax < Limits.messagesBurstMax)
        #expect(PatternReplica.inFlightEditsMax <= Limits.editsBurstMax)
        #expect(PatternReplica.inFlightEditsMax <= Limits.verdictsPerReplicaMax)
        #expect(Limits.editsPerCommitMax <= Limits.gatheredEditsMax)
        for flavor in Flavor.allCases {
            let fieldCount = Catalogue.current.flavor(flavor).instruments.count * 4 + 5
            #expect(fieldCount <= Limits.pathsPerEditMax)
        }
        #expect(Limits.broadcastPaceMs <= Limits.presencePaceMs)
        #expect(Limits.rowLagSeconds < Limits.roomIdleSeconds)
        #expect(Limits.heartbeatSeconds < Limits.pingIntervalSeconds + Limits.pongTimeoutSeconds)
        #expect(Limits.closeSeconds < Limits.stopSeconds)
        #expect(Limits.restartSpreadMinMs < Limits.restartSpreadMs)
        #expect(Limits.restartSpreadMs <= Backoff.maxMs)
        let longest = FieldPath.instrument(
            InstrumentPath(flavor: .merengue, instrument: .instructor),
            name: String(repeating: "x", count: Limits.fieldNameBytesMax))
        #expect(longest.description.count <= Limits.pointerCharactersMax)
    }

    @Test("a snapshot leaves no more rows than are read at once")
    func snapshotRows() throws {
        let value = try Self.rows().first { $0.name == "RoomStore.logRowsMax" }?.value
        #expect(Limits.snapshotNumbersMax <= value.flatMap { Int($0) } ?? 0)
    }
}
