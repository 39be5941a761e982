import Crystallography
import Evaluations
import Testing

/// What the shipped crystals say of a composition. Reaches `ReferenceCrystal`, `ReferenceKnowledge`, `MeasuredPrecision`.
@Suite("Reference crystals") struct ReferenceHullTests {
    private static func crystal(
        _ formula: String, _ energy: Double, group: Int = 221, atoms: Int = 5, gap: Double = 0,
        predicted: Double = 0, metal: Double = 0
    ) -> ReferenceCrystal {
        ReferenceCrystal(
            formula: formula, spaceGroup: group, atoms: atoms, energy: energy, gap: gap, formationEnergy: -1,
            predictedGap: predicted, predictedMetal: metal, predictedFormationEnergy: -1)
    }

    private func composition(_ counts: [String: Double]) -> [Element: Double] {
        Dictionary(
            uniqueKeysWithValues: counts.compactMap { key, value in Element(symbol: key).map { ($0, value) } }
        )
    }

    @Test("a ternary is held against its binaries, by the least energy of each formula")
    func distances() throws {
        let hull = ReferenceHull([
            Self.crystal("BaO", -6), Self.crystal("BaO", -5), Self.crystal("O2Ti", -9),
            Self.crystal("Ba2O4Ti", -6.9), Self.crystal("BaO3Ti", -7.9),
        ])
        // 2/5 BaO and 3/5 TiO2: −7.8.
        let place = try #require(
            hull.place(of: composition(["Ba": 1, "Ti": 1, "O": 3]), energy: -7.6))
        #expect(abs(place.aboveHull - 0.3) < 1e-9 && place.decomposition == "BaO3Ti 1.00")
        // Its own formula does not compete, the elements neither.
        #expect(place.competitors == 3 && !place.isThin)
        let without = ReferenceHull([Self.crystal("BaO", -6), Self.crystal("O2Ti", -9)])
        let other = try #require(
            without.place(of: composition(["Ba": 1, "Ti": 1, "O": 3]), energy: -7.6))
        #expect(abs(other.aboveHull - 0.2) < 1e-9 && other.isThin)
        #expect(other.decomposition == "O2Ti 0.60 + BaO 0.40")
    }

    @Test("an element without an energy has no hull")
    func lacking() {
        #expect(ReferenceHull([]).place(of: composition(["Fr": 1, "O": 1]), energy: -3) == nil)
    }

    @Test("precision counts what the models call so, and what is so")
    func precision() throws {
        let crystals = [
            Self.crystal("ClNa", -3, gap: 2.5, predicted: 2.4),
            Self.crystal("ClK", -3, gap: 1, predicted: 2.6),
            Self.crystal("FeS", -3, gap: 0, predicted: 2.5),
            Self.crystal("Cu", -3, predicted: 2.5, metal: 0.9),
            Self.crystal("BrK", -3, gap: 2.5, predicted: 3.5),
        ]
        let found = MeasuredPrecision(
            gap: 2.3...2.7, formationEnergy: -9 ... -0.5, gate: 0.2, among: crystals)
        #expect(found.called == 3 && found.right == 1 && found.metals == 1)
        #expect(found.sentence.hasPrefix("of 100 real crystals that the models call so, 33 have that gap"))
        let none = MeasuredPrecision(gap: 9...10, formationEnergy: nil, gate: 0.2, among: crystals)
        #expect(none.share == nil && none.sentence.contains("not known"))
        // Wilson's interval of 37 of 100, by the formula's published example values.
        let interval = MeasuredPrecision.interval(37, of: 100)
        #expect(abs(interval.lowerBound - 0.282) < 0.001 && abs(interval.upperBound - 0.468) < 0.001)
    }

    @Test("what is known of a formula comes by group, and the rarest pair of elements is told")
    func knowledge() throws {
        let knowledge = ReferenceKnowledge([
            Self.crystal("BaO3Ti", -8, group: 99), Self.crystal("BaO3Ti", -7.9), Self.crystal("BaO", -6),
        ])
        let known = knowledge.known("BaO3Ti", spaceGroup: 221, atoms: 5)
        #expect(known.map(\.spaceGroup) == [221, 99])
        let rarest = try #require(knowledge.rarestPair(in: composition(["Ba": 1, "Ti": 1, "O": 3])))
        #expect(rarest.count == 2)
        let never = try #require(knowledge.rarestPair(in: composition(["Ba": 1, "S": 1])))
        #expect(never.count == 0)
    }

    @Test(
        "the shipped table is whole: every line is read, the elements stand in it, and strontium titanate lies near the hull"
    )
    func shipped() throws {
        let all = ReferenceCrystal.all
        #expect(all.count > 10_000)
        #expect(
            all.allSatisfy {
                !$0.composition.isEmpty && (1...230).contains($0.spaceGroup) && $0.energy.isFinite
            })
        let titanate = try #require(
            all.first { $0.formula == "O3SrTi" && $0.spaceGroup == 221 && $0.atoms == 5 })
        let place = try #require(ReferenceHull().place(of: titanate.composition, energy: titanate.energy))
        #expect(place.aboveHull < 0.1 && place.competitors > 3)
    }
}
