import Crystallography
import Design
import Testing

@Suite struct CompositionLimitTests {
    private func composition(_ pairs: KeyValuePairs<String, Int>) -> [Element: Int] {
        var result: [Element: Int] = [:]
        for (symbol, count) in pairs { if let e = Element(symbol: symbol) { result[e] = count } }
        return result
    }

    @Test(arguments: [
        ("O>0.5", true), ("O<0.5", false), ("O=0.6", true), ("O=0.2:0.4", false), ("F<0.1", true),
        ("F>0.1", false), ("elements=3", true), ("elements<2", false), ("elements=2:4", true),
    ])
    func limitsCountAtoms(text: String, isMet: Bool) throws {
        let limit = try CompositionLimit(text)
        #expect(limit.admits(composition(["Ba": 1, "Ti": 1, "O": 3])) == isMet, "\(limit.name)")
    }

    @Test(arguments: ["", "O", "O>", "Xx>0.1", "O>1.5", "elements<0.5", "O=a", "O=0.6:0.2", ">3", "O>nan"])
    func otherTextsAreRefused(text: String) {
        #expect(throws: DesignError.self) { try CompositionLimit(text) }
    }
}
