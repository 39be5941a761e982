import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct ReflectionConditionTests {
    /// ITA Vol. A, general conditions, as printed there up to the order of words.
    @Test(arguments: [
        ("P 21", "0k0: k=2n"),
        ("P 21/c", "h0l: l=2n|0k0: k=2n|00l: l=2n"),
        ("P n m a", "0kl: k+l=2n|hk0: h=2n|h00: h=2n|0k0: k=2n|00l: l=2n"),
        ("P 21 21 21", "h00: h=2n|0k0: k=2n|00l: l=2n"),
        ("C m c m", "hkl: h+k=2n|0kl: k=2n|h0l: h,l=2n|hk0: h+k=2n|h00: h=2n|0k0: k=2n|00l: l=2n"),
        ("P 41", "00l: l=4n"),
        ("P 61", "000l: l=6n"),
        ("P 63/m m c", "hh-2hl: l=2n|000l: l=2n"),
        ("R -3 m :H", "hkil: -h+k+l=3n|hki0: -h+k=3n|hh-2hl: l=3n|h-h0l: h+l=3n|000l: l=3n|h-h00: h=3n"),
        ("R -3 c :R", "hhl: l=2n|hhh: h=2n"),
        ("P a -3", "0kl: k=2n|h00: h=2n"),
        ("F m -3 m", "hkl: h+k,h+l,k+l=2n|0kl: k,l=2n|hhl: h+l=2n|h00: h=2n"),
        ("F d -3 m", "hkl: h+k,h+l,k+l=2n|0kl: k+l=4n; k,l=2n|hhl: h+l=2n|h00: h=4n"),
        ("P m -3 m", ""),
    ])
    func conditionsAreThoseOfTheTables(symbol: String, text: String) throws {
        let group = try SpaceGroup.find(symbol)
        let made = ReflectionConditions.list(for: group)
        #expect(Set(made.map(\.description)) == Set(text.split(separator: "|").map(String.init)))
    }

    /// A reflection is absent if and only if a reflection equivalent to it breaks a printed condition.
    @Test func printedConditionsSayWhatIsAbsent() {
        let reach = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == nil ? 3 : 6
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            let exact = ReflectionConditions(group)
            let printed = ReflectionConditions.list(for: group)
            let rotations = Set(group.operations.map(\.rotation))
            var wrong = 0
            for h in -reach...reach {
                for k in -reach...reach {
                    for l in 0...(2 * reach) {
                        let index = SIMD3(h, k, l)
                        let forbidden = rotations.contains { rotation in
                            printed.contains { $0.forbids(index * rotation) }
                        }
                        if forbidden != exact.isAbsent(index) { wrong += 1 }
                    }
                }
            }
            #expect(wrong == 0, "\(group): \(printed)")
        }
    }
}
