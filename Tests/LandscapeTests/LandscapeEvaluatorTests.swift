import Crystallography
import Diffraction
import Energies
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// TiO₂ in P 4₂/m n m.
func rutile(x: Double = 0.305) throws -> ReducedStructure {
    try ReducedStructure(
        spaceGroup: SpaceGroup.find("136"),
        lattice: Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
        asymmetricSites: [
            Site(try #require(Element(symbol: "Ti")), at: .zero, label: "Ti1"),
            Site(try #require(Element(symbol: "O")), at: SIMD3(x, x, 0), label: "O1"),
        ])
}

/// A potential whose client dies once the cell is larger than some edge (Å).
private struct MortalSpring: InteratomicPotential {
    struct ClientDied: Error {}
    var name: String { "mortal" }
    var edge: Double

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let miss = structure.lattice.lengths.x - 4.594
        guard structure.lattice.lengths.x < edge else { throw ClientDied() }
        return EnergyEvaluation(
            energy: miss * miss, forces: [SIMD3<Double>](repeating: .zero, count: structure.sites.count),
            stress: .zero)
    }
}

@Suite struct LandscapeEvaluatorTests {
    @Test(arguments: SimilarityMeasure.all)
    func gradientsAreThoseOfDifferences(measure: SimilarityMeasure) throws {
        let structure = try rutile()
        let evaluator = try LandscapeFixture.objective(structure, measure, step: 0.1, to: 60)
            .evaluator(structure, free: ["a", "c", "O1.x"])
        let place = zip(evaluator.truth, [0.03, -0.02, 0.011]).map(+)
        let exact = evaluator.evaluate(place).gradient
        for k in place.indices {
            func at(_ h: Double) -> Double {
                var moved = place
                moved[k] += h
                return evaluator.evaluate(moved, gradient: false).value
            }
            let h = 1e-5
            let numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            #expect(abs(numeric - exact[k]) < 2e-5 * max(1, abs(numeric)), "\(evaluator.names[k])")
        }
    }

    /// Of several objectives that look at the same patterns: the same numbers, each pattern once.
    @Test func aPatternMemoryChangesNothing() throws {
        let structure = try rutile()
        let memory = PatternMemory()
        for measure in [SimilarityMeasure.cosine, .weightedProfileR, .wasserstein] {
            let objective = LandscapeFixture.objective(structure, measure, step: 0.1, to: 60)
            let plain = try objective.evaluator(structure, free: ["O1.x"])
            let remembering = try objective.evaluator(structure, free: ["O1.x"], memory: memory)
            for x in [0.305, 0.29, 0.35, 0.29] {
                let (own, kept) = (plain.evaluate([x]), remembering.evaluate([x]))
                #expect(abs(own.value - kept.value) < 1e-12)
                #expect(abs(own.gradient[0] - kept.gradient[0]) < 1e-9 * max(1, abs(own.gradient[0])))
                let value = remembering.evaluate([x], gradient: false).value
                #expect(abs(value - own.value) < 1e-12)
            }
        }
    }

    @Test func whereThereIsNoCellThereIsNoNumber() throws {
        let structure = try rutile()
        let evaluator = try LandscapeFixture.objective(structure, step: 0.2, to: 60)
            .evaluator(structure, free: ["a"])
        #expect(evaluator.evaluate([-1]).value.isNaN && evaluator.evaluate([4.6]).value.isFinite)
        #expect(throws: LandscapeError.self) {
            try LandscapeFixture.objective(structure).evaluator(structure, free: ["Q1.x"])
        }
    }

    /// No landscape is like that: neither "no energy" there nor the end of an axis.
    @Test func aClientThatDiesIsAnError() throws {
        let structure = try rutile()
        let objective = LandscapeObjective(energy: MortalSpring(edge: 4.7))
        let evaluator = try objective.evaluator(structure, free: ["a"])
        #expect(evaluator.evaluate([4.65]).value.isFinite)
        try evaluator.checkPotential()
        #expect(evaluator.evaluate([4.8]).value.isNaN)
        #expect(throws: MortalSpring.ClientDied.self) { try evaluator.checkPotential() }
        // A dead client stays dead.
        #expect(evaluator.evaluate([4.65]).value.isNaN)
        let axis = try LandscapeAxis(structure, along: "a", range: 4.4...4.9)
        #expect(throws: MortalSpring.ClientDied.self) { try AxisScan.scan(objective, along: axis) }
    }
}
