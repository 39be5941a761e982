import Crystallography
import Diffraction
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite struct AxisEquivalenceTests {
    private static let wurtzite: @Sendable () throws -> ReducedStructure = {
        try ReducedStructure(
            spaceGroup: SpaceGroup.find("186"),
            lattice: Lattice(a: 3.82, b: 3.82, c: 6.26, alpha: 90, beta: 90, gamma: 120),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Zn")), at: SIMD3(1 / 3, 2 / 3, 0), label: "Zn1"),
                Site(try #require(Element(symbol: "S")), at: SIMD3(1 / 3, 2 / 3, 0.375), label: "S1"),
            ])
    }

    private func pattern(_ structure: ReducedStructure, _ name: String, _ value: Double) throws -> [Double] {
        let grid = stride(from: 10.0, through: 90, by: 0.1).map { $0 }
        let calculation = try PowderCalculation(
            .landscapePaper(structure), twoTheta: grid, free: [name])
        calculation.values = [value]
        return calculation.calculated
    }

    private func distance(_ a: [Double], _ b: [Double]) -> Double {
        let norm = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() / norm
    }

    /// A powder pattern cannot tell equivalent values from each other, and tells all others.
    @Test(arguments: [0, 1])
    func equivalentValuesHaveOnePattern(index: Int) throws {
        let structure = index == 0 ? try rutile() : try Self.wurtzite()
        let name = try #require(structure.parameters.map(\.name).last)
        let equivalence = AxisEquivalence(of: name, in: structure)
        #expect(equivalence.maps.count > 1)
        for u in [0.07, 0.19, 0.31, 0.42] {
            let here = try pattern(structure, name, u)
            for map in equivalence.maps {
                let there = try pattern(structure, name, map(u))
                #expect(distance(here, there) < 1e-7, "\(map) at \(u)")
            }
            for step in 1..<40 {
                let other = Double(step) / 40
                guard !equivalence.areSame(u, other, within: 0.01) else { continue }
                let there = try pattern(structure, name, other)
                #expect(distance(here, there) > 1e-4, "\(u) and \(other)")
            }
        }
    }

    /// x, −x and, with the origin's shift by ½½0 that exchanges the two titanium, none but these: rutile's oxygen.
    @Test func rutilesOxygenIsKnownUpToItsSign() throws {
        let equivalence = AxisEquivalence(of: "O1.x", in: try rutile())
        #expect(equivalence.areSame(0.305, -0.305) && equivalence.areSame(0.305, 0.695))
        #expect(!equivalence.areSame(0.305, 0.3))
        #expect(equivalence.maps.allSatisfy { $0.sign == 1 || $0.sign == -1 })
        #expect(equivalence.maps.first.map { $0(0.25) } == 0.25)
    }

    @Test func aLatticeParameterHasNoEquivalents() throws {
        let equivalence = AxisEquivalence(of: "a", in: try rutile())
        #expect(equivalence.maps.count == 1 && equivalence.period == 1)
    }
}
