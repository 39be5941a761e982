import Refinement
import Testing

@Suite struct WorkLimitTests {
    private let past = ContinuousClock().now - .seconds(1)
    private let later = ContinuousClock().now + .seconds(3600)

    @Test("without a limit nothing ends")
    func none() throws {
        #expect(!WorkLimit.isSearchOver)
        try WorkLimit.check()
        try WorkLimit(searches: later, everything: later).run { try WorkLimit.check() }
    }

    @Test("searches end before everything does, and the nearer limit holds, on every thread")
    func nested() throws {
        try WorkLimit(searches: past, everything: later).run {
            #expect(WorkLimit.isSearchOver)
            try WorkLimit.check()
            let seen = try WorkLimit.map(Array(0..<8)) { _ in WorkLimit.isSearchOver }
            #expect(seen.allSatisfy { $0 })
            try WorkLimit(searches: later).run { #expect(WorkLimit.isSearchOver) }
        }
        #expect(throws: CancellationError.self) {
            try WorkLimit(everything: past).run { try WorkLimit.map([1, 2, 3]) { $0 } }
        }
    }
}
