import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry
import Testing

@Suite("Weight fractions") struct WeightFractionsTests {
    /// A crystal of two elements, the second half the cell away from the first.
    private static func rockSalt(_ metal: String, _ anion: String, a: Double) throws -> ReducedStructure {
        let (first, second) = (try #require(Element(symbol: metal)), try #require(Element(symbol: anion)))
        return ReducedStructure(
            spaceGroup: try SpaceGroup.find("F m -3 m"),
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(first, at: .zero, label: metal), Site(second, at: SIMD3(0.5, 0.5, 0.5), label: anion),
            ])
    }

    /// Weighed in as `weights` say: the scale is volume, weight over density.
    private static func mixture(_ weights: [Double]) throws -> PowderModel {
        let structures = [
            try rockSalt("Na", "Cl", a: 5.640), try rockSalt("Mg", "O", a: 4.212),
            try rockSalt("Pb", "S", a: 5.936),
        ]
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.02, x: 0.03))
        return PowderModel(
            phases: zip(structures, weights).enumerated().map { k, item in
                .init(item.0, name: "phase\(k + 1)", scale: 100 * item.1 / item.0.density)
            }, instrument: instrument, background: [200])
    }

    @Test("what was weighed in comes out, and the sum is one")
    func weighed() throws {
        let weights = [0.2, 0.5, 0.3]
        let phases = try WeightFractions(try Self.mixture(weights)).phases
        for (phase, weight) in zip(phases, weights) {
            #expect(abs(phase.fraction - weight) < 1e-12)
            #expect(phase.uncertainty == nil && phase.absorptionContrast == 1)
        }
        // Halite weighs 2.163 g/cm³.
        #expect(abs(phases[0].density - 2.163) < 0.002)
    }

    @Test("uncertainties of two phases are equal, and are the scatter of refinements of noise made anew")
    func scatter() throws {
        let weights = [0.7, 0.3]
        let truth = try Self.mixture(weights)
        let grid = stride(from: 25.0, through: 80, by: 0.05).map { $0 }
        let clean = try PowderCalculation(truth, twoTheta: grid).calculated
        let free = ["phase1.scale", "phase2.scale", "phase1.a", "phase2.a", "background.0", "W"]
        var deviations: [Double] = []
        for seed in 0..<24 {
            var random = RandomStream(seed: UInt64(seed))
            let noisy = clean.map { max(0, $0 + $0.squareRoot() * random.normal()) }
            let pattern = PowderPattern(twoTheta: grid, intensity: noisy)
            let result = try RietveldRefinement().refine(
                truth, pattern: pattern, weights: clean.map { 1 / $0 }, free: free)
            let phases = try WeightFractions(result.model, covariance: result.covariance).phases
            let first = try #require(phases[0].uncertainty)
            let second = try #require(phases[1].uncertainty)
            #expect(abs(first - second) < 1e-6 * first)
            deviations.append((phases[0].fraction - weights[0]) / first)
        }
        let square = deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
        // χ² of 24 degrees leaves 0.4 to 2.1 in all but one case of a thousand.
        #expect(square > 0.4 && square < 2.1, "\(square)")
    }

    @Test("a phase alone is all of it, without uncertainty")
    func alone() throws {
        let model = try Self.mixture([1])
        let covariance = ParameterCovariance(names: ["scale"], matrix: DenseMatrix([[4]]))
        let phase = try #require(try WeightFractions(model, covariance: covariance).phases.first)
        #expect(phase.fraction == 1 && phase.uncertainty == nil)
    }

    @Test("Brindley: a trace of galena in halite is seen through spheres of their difference in absorption")
    func brindley() throws {
        let (trace, diameter) = (1e-7, 5.0)
        let model = try Self.mixture([1 - trace, 0, trace])
        func coefficient(_ symbols: [String], volume: Double) throws -> Double {
            let wavelength = model.instrument.radiation.wavelength
            let sum = try symbols.reduce(0.0) {
                $0
                    + DispersionCorrection(try #require(Element(symbol: $1)), wavelength: wavelength)
                    .imaginary
            }
            // 2 rₑ λ Σf″/V, four formula units a cell, in μm⁻¹.
            return 2 * 2.8179403e-5 * wavelength * 4 * sum / volume * 1e4
        }
        let excess =
            try coefficient(["Pb", "S"], volume: pow(5.936, 3))
            - coefficient(["Na", "Cl"], volume: pow(5.640, 3))
        // The mean over the sphere of radius 1, ring by ring: 2πr dr rings with a chord of 2√(1 − r²).
        let steps = 20_000
        let sum = (0..<steps).reduce(0.0) { sum, k in
            let r = (Double(k) + 0.5) / Double(steps)
            let chord = 2 * (1 - r * r).squareRoot()
            return sum + 2 * Double.pi * r * chord * exp(-excess * diameter / 2 * chord) / Double(steps)
        }
        let mean = sum / (4 * Double.pi / 3)
        let phases = try WeightFractions(model, diameters: [diameter, diameter, diameter]).phases
        #expect(excess > 0.1 && mean < 0.7)
        #expect(abs(phases[2].absorptionContrast - mean) < 1e-4 * mean)
        // What is seen too little is given more.
        #expect(abs(phases[2].fraction / trace - 1 / mean) < 1e-3 / mean)
        #expect(try WeightFractions(model, diameters: [0, 0, 0]).phases[2].absorptionContrast == 1)
        // Neutrons are not absorbed so.
        var neutrons = model
        neutrons.instrument.radiation.probe = .neutron
        #expect(try WeightFractions(neutrons, diameters: [5, 5, 5]).phases[2].absorptionContrast == 1)
    }

    @Test("correlations above a limit: each pair once, the strongest first, none of what is not determined")
    func correlations() {
        let covariance = ParameterCovariance(
            names: ["a", "b", "c", "d"],
            matrix: DenseMatrix([
                [4, -1.9, 0, 3.9], [-1.9, 1, 0, 0], [0, 0, 0, 0], [3.9, 0, 0, 4],
            ]))
        let found = covariance.correlations(above: 0.9)
        #expect(found.map { [$0.first, $0.second] } == [["a", "d"], ["a", "b"]])
        #expect(abs(found[1].value + 0.95) < 1e-12)
        #expect(covariance.correlations(above: 0.99).isEmpty)
    }
}
