import Crystallography
import Foundation
import Matching
import NumericalMethods
import Testing

@Suite("Superstructures in matching")
struct SuperstructureTests {
    private static func box(_ a: Double, _ b: Double, _ c: Double) -> Lattice {
        Lattice(a: a, b: b, c: c, alpha: 90, beta: 90, gamma: 90)
    }

    private static let parent = CrystalStructure.make(box(3, 3, 3), [("Fe", 0, 0, 0)])

    /// Two atoms in 6 Å that came together by twice the shift.
    private static func dimer(_ shift: Double) -> CrystalStructure {
        CrystalStructure.make(
            box(6, 3, 3), [("Fe", shift / 6, 0, 0), ("Fe", 0.5 - shift / 6, 0, 0)])
    }

    @Test(
        "a dimerisation is measured, not averaged away, on both sides of the tolerance of the primitive cell")
    func dimerisation() throws {
        for shift in [0.02, 0.05, 0.099, 0.1, 0.101, 0.14, 0.2, 0.3] {
            for pair in [(Self.parent, Self.dimer(shift)), (Self.dimer(shift), Self.parent)] {
                let match = try #require(StructureMatch.find(pair.0, pair.1))
                #expect(abs(match.rmsDisplacement - shift) < 1e-6, "\(shift): \(match.rmsDisplacement)")
                #expect(abs(match.maximumDisplacement - shift) < 1e-6)
                #expect(match.isMatch && match.atomCount == 2)
                #expect(StructureMatch.isMatch(pair.0, pair.1))
            }
        }
        // Beyond 0.3 (V/N)^⅓ it is no match, and still has its distance.
        var tight = MatchTolerances()
        tight.site = 0.03
        let refused = try #require(StructureMatch.find(Self.parent, Self.dimer(0.1), tolerances: tight))
        #expect(!refused.isMatch && abs(refused.rmsDisplacement - 0.1) < 1e-6)
        #expect(!StructureMatch.isMatch(Self.parent, Self.dimer(0.1), tolerances: tight))
    }

    @Test(
        "superstructures are brought into phase: along another axis, about another origin, of another amplitude"
    )
    func phases() throws {
        let turned = CrystalStructure.make(
            Self.box(3, 6, 3), [("Fe", 0.3, 0.2 + 0.1 / 6, 0), ("Fe", 0.3, 0.7 - 0.1 / 6, 0)])
        let same = try #require(StructureMatch.find(Self.dimer(0.1), turned))
        #expect(same.rmsDisplacement < 1e-6 && same.atomCount == 2)
        let other = try #require(StructureMatch.find(Self.dimer(0.1), Self.dimer(0.04)))
        #expect(abs(other.rmsDisplacement - 0.06) < 1e-6)
        // Three in 9 Å against two in 6 Å: nothing to bring into phase, mean squares add up.
        let trimer = CrystalStructure.make(
            Self.box(9, 3, 3),
            [("Fe", 0.1 / 9, 0, 0), ("Fe", 1.0 / 3 - 0.1 / 9, 0, 0), ("Fe", 2.0 / 3, 0, 0)])
        let both = try #require(StructureMatch.find(Self.dimer(0.1), trimer))
        #expect(abs(both.rmsDisplacement - (0.01 + 0.02 / 3).squareRoot()) < 1e-4)
        #expect(both.atomCount == 6)
    }

    /// CsCl doubled along a, its second chlorine at x.
    private static func chloride(_ x: Double) -> CrystalStructure {
        CrystalStructure.make(
            box(8.24, 4.12, 4.12),
            [("Cs", 0, 0, 0), ("Cs", 0.5, 0, 0), ("Cl", 0.25, 0.5, 0.5), ("Cl", x, 0.5, 0.5)])
    }

    @Test("CsCl with one atom moved: every pair has its distance, and matching is transitive")
    func transitive() throws {
        let places = [0.75, 0.77, 0.775, 0.785, 0.79, 0.81]
        for x in places {
            for y in places {
                let match = try #require(StructureMatch.find(Self.chloride(x), Self.chloride(y)))
                // One of four atoms is off by d: rms d √3/4, largest ¾ d about the common centre.
                let d = abs(x - y) * 8.24
                #expect(abs(match.rmsDisplacement - d * 3.0.squareRoot() / 4) < 1e-5, "\(x) \(y)")
                #expect(abs(match.maximumDisplacement - 0.75 * d) < 1e-5)
                #expect(match.isMatch)
            }
        }
    }

    @Test("a rattled supercell is as far from its crystal as its atoms were moved")
    func rattled() throws {
        let base = StructureMatchTests.rutile
        var stream = RandomStream(seed: 5)
        for width in [0.005, 0.02, 0.06, 0.15] {
            var big = CrystalStructure(
                lattice: Lattice(vectors: Matrix3(diagonal: SIMD3(2, 1, 3)) * base.lattice.vectors), sites: []
            )
            var moves: [SIMD3<Double>] = []
            for i in 0..<2 {
                for k in 0..<3 {
                    for site in base.sites {
                        let move = SIMD3(stream.uniform(-1, 1), stream.uniform(-1, 1), stream.uniform(-1, 1))
                        moves.append(move * (width / 3.0.squareRoot()))
                        var copy = site
                        copy.position =
                            (site.position + SIMD3(Double(i), 0, Double(k))) / SIMD3(2, 1, 3)
                            + big.lattice.fractional(moves[moves.count - 1])
                        big.sites.append(copy)
                    }
                }
            }
            let mean = moves.reduce(.zero, +) / Double(moves.count)
            let expected =
                (moves.reduce(0) { $0 + ($1 - mean).dot($1 - mean) } / Double(moves.count)).squareRoot()
            let match = try #require(StructureMatch.find(base, big))
            #expect(match.isMatch)
            #expect(abs(match.rmsDisplacement - expected) < 1e-4 + 1e-3 * expected, "\(width)")
            // The crystal itself, rattled: nothing between.
            let itself = try #require(StructureMatch.find(big, big))
            #expect(itself.rmsDisplacement < 1e-6)
        }
    }

    @Test("cells of which none is a supercell of the other meet in a common one")
    func commonCell() throws {
        // Two and three formula units of one crystal, each with an atom out of place.
        func chain(_ n: Int, _ shift: Double) -> CrystalStructure {
            let length = 4.12 * Double(n)
            var atoms: [(String, Double, Double, Double)] = []
            for i in 0..<n {
                let moved: Double = i == 0 ? shift / length : 0
                let centre: Double = (Double(i) + 0.5) / Double(n)
                atoms.append(("Cs", Double(i) / Double(n), 0, 0))
                atoms.append(("Cl", centre + moved, 0.5, 0.5))
            }
            return CrystalStructure.make(Self.box(length, 4.12, 4.12), atoms)
        }
        let match = try #require(StructureMatch.find(chain(2, 0.5), chain(3, 0.5)))
        #expect(match.cellsAgree && match.atomCount == 12)
        #expect(match.rmsDisplacement > 0.1 && match.rmsDisplacement < 0.3)
        let back = try #require(StructureMatch.find(chain(3, 0.5), chain(2, 0.5)))
        #expect(back == match)
    }

    @Test("cells beyond the tolerances and of other numbers of atoms still get their distance")
    func strainedSupercell() throws {
        var stretched = Self.dimer(0.3)
        stretched.lattice = Self.box(6, 3, 4.6)
        let match = try #require(StructureMatch.find(Self.parent, stretched))
        #expect(!match.isMatch && !match.cellsAgree && match.normalizedRMS.isFinite)
        #expect(
            StructureMatch.find(
                Self.parent, CrystalStructure.make(Self.box(6, 3, 3), [("Fe", 0, 0, 0), ("Ni", 0.5, 0, 0)]))
                == nil)
    }
}
