import Crystallography
import Diffraction
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

/// A spring from each atom of one element to the place where a structure has it.
struct AnchorPotential: InteratomicPotential {
    var anchors: CrystalStructure
    var element: String
    /// eV/Å².
    var stiffness = 20.0
    var name: String { "anchors" }

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        var energy = 0.0
        var forces: [SIMD3<Double>] = []
        for (site, anchor) in zip(structure.sites, anchors.sites) {
            guard site.occupants.first?.species.element.symbol == element else {
                forces.append(.zero)
                continue
            }
            var shift = site.position - anchor.position
            shift -= shift.rounded(.toNearestOrAwayFromZero)
            let r = structure.lattice.cartesian(shift)
            energy += 0.5 * stiffness * r.dot(r)
            forces.append(r * -stiffness)
        }
        return EnergyEvaluation(energy: energy, forces: forces, stress: .zero)
    }
}

/// Light oxygen beside lead: litharge-like PbO₂ with a free coordinate of O in a noisy pattern.
@Suite struct EnergyRestraintTests {
    static func structure(_ x: Double) throws -> ReducedStructure {
        try ReducedStructure(
            spaceGroup: SpaceGroup.find("136"),
            lattice: Lattice(a: 4.96, b: 4.96, c: 3.38, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Pb")), at: .zero),
                Site(try #require(Element(symbol: "O")), at: SIMD3(x, x, 0)),
            ])
    }

    static func refined(seed: UInt64) throws -> (
        result: RietveldRefinement.Result, pattern: PowderPattern, weights: [Double]
    ) {
        let instrument = Instrument(radiation: try Wavelength.radiation(named: "CuKa", probe: .xray))
        let twoTheta = (0..<2000).map { 15 + Double($0) / 20 }
        var model = PowderModel(
            phases: [.init(try structure(0.308))], instrument: instrument, background: [60])
        let bare = try PowderCalculation(model, twoTheta: twoTheta).calculated.max() ?? 1
        model.phases[0].scale = 600 / bare
        var intensity = try PowderCalculation(model, twoTheta: twoTheta).calculated
        var stream = RandomStream(seed: seed)
        for i in intensity.indices {
            intensity[i] = max(0, intensity[i] + max(intensity[i], 1).squareRoot() * stream.normal())
        }
        let pattern = PowderPattern(twoTheta: twoTheta, intensity: intensity)
        let weights = PowderRecovery.weights(of: pattern, excluding: [])
        let names = model.parameters.map(\.name)
        let scale = try #require(names.first { $0.hasSuffix("scale") })
        let x = try #require(names.first { $0.hasSuffix(".x") && $0.hasPrefix("O") })
        let result = try RietveldRefinement().refine(
            model, pattern: pattern, weights: weights, free: [scale, x])
        return (result, pattern, weights)
    }

    static func oxygen(_ result: RietveldRefinement.Result) -> Double {
        result.refined.first { $0.parameter.name.hasSuffix(".x") }?.parameter.value ?? .nan
    }

    @Test("an energy whose minimum is the truth brings a light atom nearer to it, seed by seed on the whole")
    func nearer() throws {
        var (alone, held) = (0.0, 0.0)
        for seed in 1...6 as ClosedRange<UInt64> {
            let (result, pattern, weights) = try Self.refined(seed: seed)
            let potential = AnchorPotential(anchors: try Self.structure(0.308).expanded(), element: "O")
            let restrained = try EnergyRestraint(potential, weight: 0.05).refine(
                result, pattern: pattern, weights: weights)
            alone += abs(Self.oxygen(result) - 0.308)
            held += abs(Self.oxygen(restrained) - 0.308)
            #expect(restrained.statistics.rwp >= result.statistics.rwp - 1e-6)
        }
        #expect(held < 0.5 * alone)
    }

    @Test("the heavier the weight, the farther towards the energy's own minimum, and the worse the fit")
    func weights() throws {
        let (result, pattern, weights) = try Self.refined(seed: 2)
        let potential = AnchorPotential(anchors: try Self.structure(0.33).expanded(), element: "O")
        var (last, rwp) = (Self.oxygen(result), result.statistics.rwp)
        for weight in [0.003, 0.03, 0.3, 30] {
            let restrained = try EnergyRestraint(potential, weight: weight).refine(
                result, pattern: pattern, weights: weights)
            #expect(Self.oxygen(restrained) > last)
            #expect(restrained.statistics.rwp > rwp - 1e-9)
            (last, rwp) = (Self.oxygen(restrained), restrained.statistics.rwp)
        }
        #expect(abs(last - 0.33) < 1e-3)
    }

    @Test("without weight, and without a free coordinate, nothing changes")
    func unchanged() throws {
        let (result, pattern, weights) = try Self.refined(seed: 3)
        let potential = AnchorPotential(anchors: try Self.structure(0.4).expanded(), element: "O")
        let none = try EnergyRestraint(potential, weight: 0).refine(
            result, pattern: pattern, weights: weights)
        #expect(none.refined == result.refined && none.calculated == result.calculated)
        var fixed = result
        fixed.refined.removeAll { $0.parameter.name.hasSuffix(".x") }
        let same = try EnergyRestraint(potential, weight: 1).refine(fixed, pattern: pattern, weights: weights)
        #expect(same.calculated == result.calculated)
    }

    @Test("every parameter is reported with its value of the end; what the energy moved has no uncertainty")
    func report() throws {
        let (result, pattern, weights) = try Self.refined(seed: 4)
        let potential = AnchorPotential(anchors: try Self.structure(0.33).expanded(), element: "O")
        let restrained = try EnergyRestraint(potential, weight: 0.1).refine(
            result, pattern: pattern, weights: weights)
        #expect(restrained.refined.map(\.parameter.name) == result.refined.map(\.parameter.name))
        for row in restrained.refined {
            #expect(restrained.model[row.parameter.name] == row.parameter.value)
            #expect((row.uncertainty == nil) == row.parameter.name.hasSuffix(".x"))
        }
        let again = try PowderCalculation(restrained.model, twoTheta: pattern.twoTheta).calculated
        #expect(zip(again, restrained.calculated).allSatisfy { abs($0 - $1) <= 1e-9 * abs($0) + 1e-9 })
    }
}
