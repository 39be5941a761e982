import Crystallography
import Diffraction
import Foundation
import Landscape
import Matching
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("The description nearest to a start's")
struct NearestDescriptionTests {
    static func moved(_ structure: ReducedStructure, _ random: inout RandomStream, by sigma: Double)
        -> ReducedStructure
    {
        var other = structure
        let count = structure.latticeParameters.names.count
        var values = structure.parameterVector
        for k in values.indices.dropFirst(count) {
            values[k] += sigma.isInfinite ? random.uniform() : sigma * random.normal()
        }
        other.parameterVector = values
        return other
    }

    static func pattern(_ structure: ReducedStructure) throws -> [Double] {
        try PowderCalculation(
            PowderModel(phases: [.init(structure)], instrument: .landscapePaper),
            twoTheta: (500..<4500).map { Double($0) / 50 }
        ).calculated
    }

    /// Wherever the start's atoms stand: the pattern stays what it was.
    @Test func aFarStartNeverChangesTheCrystal() throws {
        var random = RandomStream(seed: 5)
        for structure in try Crystals.all() {
            let before = try Self.pattern(structure)
            let highest = before.max() ?? 1
            for _ in 0..<12 {
                let far = Self.moved(structure, &random, by: .infinity)
                let after = try Self.pattern(structure.described(like: far))
                let difference = zip(before, after).map { abs($0 - $1) }.max() ?? 1
                #expect(difference < 1e-6 * highest, "\(structure.spaceGroup.compactSymbol)")
            }
        }
    }

    /// Another origin, other axes or other representatives, and a little noise: described like the structure it was
    /// made from, every coordinate comes back to within the noise.
    @Test func anEquivalentDescriptionComesBack() throws {
        var random = RandomStream(seed: 6)
        for structure in try Crystals.all() where structure.freeCoordinates.count > 1 {
            let cosets = Normalizer(of: structure.spaceGroup, lattice: structure.lattice).cosets
            for coset in cosets.prefix(6) {
                let sites = structure.orbits.map { orbit in
                    Site(
                        label: orbit.label, occupants: orbit.occupants,
                        position: coset.apply(to: orbit.position))
                }
                let other = ReducedStructure(
                    spaceGroup: structure.spaceGroup, lattice: structure.lattice, asymmetricSites: sites)
                let back = Self.moved(other, &random, by: 0.003).described(like: structure)
                #expect(back.orbits.map(\.label) == structure.orbits.map(\.label))
                for (a, b) in zip(back.parameterVector, structure.parameterVector) {
                    #expect(
                        abs(a - b) < 0.02 * max(1, abs(b)), "\(structure.spaceGroup.compactSymbol) \(coset)")
                }
            }
        }
    }
}
