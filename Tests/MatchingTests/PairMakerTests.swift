import Foundation
import Testing

@Suite struct PairMakerTests {
    private static let target = ProcessInfo.processInfo.environment["WYCKOFF_WRITE_PAIRS"]

    /// Not a law: writes the pairs for Fixtures/make_pairs.py to judge.
    @Test(.enabled(if: target != nil, "name a file in WYCKOFF_WRITE_PAIRS")) func writesPairs() throws {
        let maker = try PairMaker(MatchedPair.fixtures.appendingPathComponent("bases.txt"))
        let count =
            ProcessInfo.processInfo.environment["WYCKOFF_PAIR_COUNT"].flatMap { Int($0) } ?? 2000
        let text = (0..<count).map { maker.text($0) }.joined(separator: "\n") + "\n"
        try text.write(toFile: try #require(Self.target), atomically: true, encoding: .utf8)
    }

    @Test func aPairIsMadeFromItsNumberAlone() throws {
        let maker = try PairMaker(MatchedPair.fixtures.appendingPathComponent("bases.txt"))
        for number in [0, 5, 13] { #expect(maker.text(number) == maker.text(number)) }
        #expect(maker.text(0) != maker.text(8))
    }
}
