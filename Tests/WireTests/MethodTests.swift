import Model
import Testing
import Wire

@Suite struct MethodTests {
    @Test(arguments: Method.allCases)
    func `each example is what its method takes and answers`(_ method: Method) throws {
        let description = method.description
        #expect(!description.examples.isEmpty)
        for example in description.examples {
            #expect(try description.check(example.params) == example.params, "\(example.name)")
            #expect(try description.result.check(example.result) == example.result)
        }
    }

    @Test(arguments: Method.allCases)
    func `members have different names, and a line about each`(_ method: Method) {
        let description = method.description
        #expect(Set(description.params.map(\.name)).count == description.params.count)
        for member in description.params { #expect(!member.about.isEmpty, "\(member.name)") }
        #expect(Set(description.errors).count == description.errors.count)
        #expect(!description.summary.hasSuffix("."))
        #expect(!Set(description.errors).contains(.invalidParams), "every method may answer it")
    }

    @Test func `a shared shape has one meaning`() {
        var shapes: [String: JSON] = [:]
        for method in Method.allCases {
            let description = method.description
            for (name, schema) in Schema.object(description.params).named + description.result.named
            {
                #expect(shapes.updateValue(schema.json, forKey: name) ?? schema.json == schema.json)
            }
        }
        #expect(shapes["Pattern"] != nil)
    }
}
