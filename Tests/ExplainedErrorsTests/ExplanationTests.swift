import ExplainedErrors
import Testing

private struct Fault: ExplainedError {
    var explanation: Explanation
}

@Suite("Explanations") struct ExplanationTests {
    @Test("place, problem and remedy make one line, what is not there leaves no mark")
    func parts() {
        #expect(Explanation("no cell").description == "no cell")
        #expect(Explanation("no cell", remedy: "give one").description == "no cell; give one")
        #expect(Explanation("no cell", place: "a.cif:3").description == "a.cif:3: no cell")
        #expect(
            Explanation("no cell", remedy: "give one", place: "a.cif").description
                == "a.cif: no cell; give one")
    }

    @Test(
        "whatever line breaks the parts hold, the line is one", arguments: ["\n", "\r\n", "\r", "\u{2028}"])
    func oneLine(separator: String) {
        let text = "\(Fault(explanation: Explanation("a\(separator)b", remedy: "c\(separator)d")))"
        #expect(!text.contains { $0.isNewline })
        #expect(text.hasPrefix("a") && text.hasSuffix("d"))
    }

    @Test("a problem that holds a semicolon stays one problem")
    func semicolon() {
        let explanation = Explanation("a; b", remedy: "c")
        #expect(explanation.problem == "a; b" && explanation.remedy == "c")
    }
}
