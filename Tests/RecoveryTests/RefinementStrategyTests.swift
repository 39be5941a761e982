import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

@Suite("In which order parameters are freed") struct RefinementStrategyTests {
    static func rutile(x: Double = 0.306) throws -> ReducedStructure {
        try Crystals.make(
            "P 42/m n m", [4.594, 4.594, 2.959, 90, 90, 90],
            [("Ti1", "Ti", .zero), ("O1", "O", SIMD3(x, x, 0))])
    }

    private static let profile = CellProfile(w: 0.02, u: 0.01, eta: 0.5, zero: 0.01)

    @Test("from coordinates and a cell that are off the structure of the counts is refined, with sane widths")
    func refines() throws {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(try Self.rutile(), seed: 4)
        var strategy = RefinementStrategy(instrument: instrument)
        (strategy.scatteringTable, strategy.dispersion) = (.pymatgen, false)
        var start = try Self.rutile(x: 0.295)
        start.latticeParameters.values = [4.598, 2.957]
        let background = pattern.twoTheta.map { 300 - 2 * $0 }
        let result = try strategy.refine(
            start, b: 0.5, profile: Self.profile, pattern: pattern,
            weights: PowderRecovery.weights(of: pattern), background: background)
        let structure = result.model.phases[0].structure
        #expect(result.converged)
        #expect(result.statistics.gof < 1.3)
        #expect(abs(structure.orbits[1].position.x - 0.306) < 2e-3)
        #expect(abs(structure.latticeParameters.values[0] - 4.594) < 5e-4)
        let least = strategy.settings.leastWidth * Self.profile.w
        #expect(try #require(result.model["W"]) >= least)
    }

    @Test("everything is freed once, one B for each element, and the widths stay within their bounds")
    func everything() throws {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(try Self.rutile(), seed: 4)
        var settings = RecoverySettings.Refinement()
        settings.backgroundTerms = 40
        let strategy = RefinementStrategy(instrument: instrument, settings: settings)
        let model = try strategy.initial(
            try Self.rutile(), b: 7, profile: Self.profile, pattern: pattern,
            background: pattern.intensity.map { _ in 250 })
        #expect(model.background.count == 12)
        #expect(model.background[0] == 250)
        // B is brought into the range of the beginning.
        #expect(model.phases[0].structure.orbits.allSatisfy { $0.displacement == .isotropic(b: 3) })
        let names = strategy.everything(model)
        #expect(Set(names).count == names.count)
        #expect(Set(names).isSuperset(of: ["scale", "zero", "W", "a", "c", "O1.x", "Ti.B", "O.B"]))
        let bounds = strategy.bounds(Self.profile)
        #expect(bounds["W"]?.lowerBound == 0.02 * Self.profile.w)
        #expect(bounds["*.B"] == 0...15 && bounds["X"] == 0...10 && bounds["Y"] == 0...10)
    }

    /// The FWHM of a Thompson–Cox–Hastings line (J. Appl. Cryst. 20 (1987) 79, eq. 14), degrees.
    private static func fullWidth(_ gauss: Double, _ lorentz: Double) -> Double {
        let (g, l) = (gauss, lorentz)
        var sum = g * g * g * g * g + 2.69269 * g * g * g * g * l + 2.42843 * g * g * g * l * l
        sum += 4.47163 * g * g * l * l * l + 0.07842 * g * l * l * l * l + l * l * l * l * l
        return pow5(sum)
    }

    private static func pow5(_ x: Double) -> Double {
        var root = 1.0
        for _ in 0..<200 { root -= (root - x / (root * root * root * root)) / 5 }
        return root
    }

    @Test("a mixed line's width is told apart into Gaussian and Lorentzian parts that make it again")
    func widths() throws {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(try Self.rutile(), seed: 4)
        let strategy = RefinementStrategy(instrument: instrument)
        for eta in [0.0, 0.3, 0.6, 0.9] {
            let profile = CellProfile(w: 0.04, u: 0, eta: eta)
            let model = try strategy.initial(
                try Self.rutile(), b: 1, profile: profile, pattern: pattern,
                background: pattern.intensity.map { _ in 250 })
            let w = try #require(model["W"])
            let x = try #require(model["X"])
            #expect(abs(Self.fullWidth(w.squareRoot(), x) / 0.2 - 1) < 0.01, "η \(eta)")
        }
    }
}
