import Model
import Social
import Testing

/// `Protocol/notifications.md#notices`
@Suite struct MentionParserTests {
    @Test func `A name may have several words, the longest is tried first`() {
        // The next word could be part of it, or the comma: whose name it is decides.
        #expect(
            MentionParser.candidates(in: "hola @Ana María Ruiz, ven") == [
                ["Ana María Ruiz, ven", "Ana María Ruiz,", "Ana María Ruiz", "Ana María", "Ana"]
            ])
    }

    @Test func `An address is no mention`() {
        #expect(MentionParser.candidates(in: "ana@example.org, a.@b, a_@b").isEmpty)
        #expect(MentionParser.candidates(in: "(@Bo)") == [["Bo)", "Bo"]])
        #expect(MentionParser.candidates(in: "@ Ana @").isEmpty)
    }

    @Test func `A name ends with the line, at the next name, and after so many words`() {
        #expect(MentionParser.candidates(in: "@Ana\nven") == [["Ana"]])
        #expect(MentionParser.candidates(in: "@Ana @Bo").first == ["Ana"])
        let words = MentionParser.candidates(in: "@a b c d e f").first
        #expect(words?.first == "a b c d")
        #expect(words?.count == Limits.mentionWordsMax)
    }

    @Test func `So many names are looked at, each once`() {
        let many = (0..<50).map { "@n\($0)!" }.joined(separator: "\n")
        #expect(MentionParser.candidates(in: many).count == Limits.mentionsMax)
        #expect(MentionParser.candidates(in: "@Ana\n@Ana").count == 1)
        let long = "@" + String(repeating: "x", count: Limits.displayNameCharactersMax)
        #expect(MentionParser.candidates(in: long).count == 1)
        #expect(MentionParser.candidates(in: long + "x").isEmpty)
    }
}
