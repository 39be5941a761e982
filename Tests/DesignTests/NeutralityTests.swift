import Design
import NumericalMethods
import Testing

@Suite struct NeutralityTests {
    /// Against enumeration.
    @Test func countsAndListsAreThoseOfEnumeration() {
        var random = RandomStream(seed: 11)
        for _ in 0..<50 {
            let groups = (0..<4).map { _ in
                Neutrality.Group(
                    multiplicity: 1 + random.index(below: 3),
                    charges: Array(Set((0..<3).map { _ in random.index(below: 9) - 4 })).sorted())
            }
            var neutral: [[Int]] = [[]]
            for group in groups { neutral = neutral.flatMap { head in group.charges.map { head + [$0] } } }
            neutral = neutral.filter { charges in
                zip(charges, groups).reduce(0) { $0 + $1.0 * $1.1.multiplicity } == 0
            }
            let found = Neutrality(groups)
            #expect(found.count == Double(neutral.count))
            #expect(Set(found.assignments()) == Set(neutral))
            #expect((found.assignment != nil) == !neutral.isEmpty)
            if let drawn = found.sample(&random) { #expect(neutral.contains(drawn)) }
        }
    }

    /// 135 sites of their own: 2¹³⁵ assignments, none of them listed.
    @Test func manySitesAreProvenWithoutEnumeration() throws {
        let groups =
            [Neutrality.Group](repeating: .init(multiplicity: 1, charges: [1, 2]), count: 27)
            + [Neutrality.Group](repeating: .init(multiplicity: 1, charges: [2, 4]), count: 27)
            + [Neutrality.Group](repeating: .init(multiplicity: 1, charges: [-1, -2]), count: 81)
        let neutrality = Neutrality(groups)
        #expect(neutrality.count > 1e30)
        let charges = try #require(neutrality.assignment)
        #expect(charges.reduce(0, +) == 0)
        var random = RandomStream(seed: 2)
        #expect(neutrality.sample(&random)?.reduce(0, +) == 0)
        let odd = Neutrality([.init(multiplicity: 3, charges: [1]), .init(multiplicity: 1, charges: [-2])])
        #expect(odd.assignment == nil && odd.count == 0)
    }
}
