import Foundation
import FuzzEntries
import Model
import SourceFiles
import Testing
import TestSupport

/// The committed corpus and some mutations of it, through every entry. `Tests/fuzz` looks longer.
@Suite struct CorpusTests {
    private static func corpus(_ entry: FuzzEntry) throws -> [(name: String, bytes: [UInt8])] {
        let folder = "Tests/Fuzz/corpus/\(entry.rawValue)"
        let names = try FileManager.default
            .contentsOfDirectory(atPath: Repository.root + "/" + folder)
        return try names.sorted().map { ($0, try Repository.bytes("\(folder)/\($0)")) }
    }

    @Test(
        "Every entry has a corpus, and every input of it keeps the rules",
        arguments: FuzzEntry.allCases)
    func corpus(entry: FuzzEntry) throws {
        let corpus = try Self.corpus(entry)
        #expect(!corpus.isEmpty)
        for (name, bytes) in corpus {
            #expect(bytes.count <= entry.bytesMax, "\(name) is not run")
            #expect(throws: Never.self, "\(entry.rawValue)/\(name)") { try entry.run(bytes) }
        }
    }

    @Test("Mutations of the corpus keep the rules", arguments: FuzzEntry.allCases)
    func mutations(entry: FuzzEntry) throws {
        let corpus = try Self.corpus(entry).map(\.bytes)
        let count = TestEnvironment.integer("SALSANOR_FUZZ_MUTATIONS", default: 300)
        let seed = TestEnvironment.seed ?? 1
        var mutator = Mutator(seed: seed)
        for iteration in 0..<count {
            let bytes = Array(mutator.mutation(of: corpus).prefix(entry.bytesMax))
            do {
                try entry.run(bytes)
            } catch {
                Issue.record("seed \(seed), mutation \(iteration): \(error): \(bytes)")
                return
            }
        }
    }
}
