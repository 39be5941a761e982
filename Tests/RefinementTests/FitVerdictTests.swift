import Crystallography
import Foundation
import Diffraction
import NumericalMethods
import Parameterization
import Refinement
import Testing

/// Reaches `FreeIntensities`.
@Suite("The verdict on a fit")
struct FitVerdictTests {
    /// Rutile's counts and the structure refined against them from a given oxygen coordinate, which may be held.
    private static func fit(oxygen: Double, refinesOxygen: Bool) throws -> (
        RietveldRefinement.Result, PowderPattern, [Double]
    ) {
        var (truth, pattern, instrument) = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        var random = RandomStream(seed: 5)
        let level = 8000 / (pattern.intensity.max() ?? 1)
        pattern.intensity = pattern.intensity.map { y in
            let mean = level * y + 50
            return max(0, (mean + mean.squareRoot() * random.normal()).rounded())
        }
        truth.parameterVector = [4.594, 2.959, oxygen]
        instrument.widths = PeakWidths(w: 0.012, x: 0.025)
        let model = PowderModel(
            phases: [.init(truth, scale: 90 * level)], instrument: instrument, background: [60])
        let weights = pattern.intensity.map { 1 / max($0, 1) }
        let free =
            ["scale", "background.0", "zero", "W", "X", "a", "c"] + (refinesOxygen ? ["O1.x"] : [])
        return (
            try RietveldRefinement().refine(model, pattern: pattern, weights: weights, free: free), pattern,
            weights
        )
    }

    private static func outcome(_ verdict: FitVerdict, _ name: String) -> VerdictClause.Outcome? {
        verdict.clauses.first { $0.name == name }?.outcome
    }

    @Test("the right structure explains what free intensities explain; one with oxygen off does not")
    func fit() throws {
        let (right, pattern, weights) = try Self.fit(oxygen: 0.30, refinesOxygen: true)
        let good = try FitVerdict.verdict(on: right, pattern: pattern, weights: weights)
        #expect(good.clauses.hold, "\(good.clauses.failures)")
        #expect(Self.outcome(good, "fit") == .holds)
        let share = try StructuralMisfit.measured(right, pattern: pattern, weights: weights).share
        #expect(share.upperBound < 0.03)
        let (wrong, _, _) = try Self.fit(oxygen: 0.22, refinesOxygen: false)
        let bad = try FitVerdict.verdict(on: wrong, pattern: pattern, weights: weights)
        #expect(Self.outcome(bad, "fit") == .fails, "\(bad.clauses)")
    }

    @Test("noise alone says nothing of a structure: the clause is neither held nor failed")
    func noise() {
        // χ² of 2,000 points of noise; the signal is a tenth of it.
        let misfit = StructuralMisfit(
            structure: 2030, parameters: 10, free: 1960, freeParameters: 60, points: 2000, signal: 2100)
        let statistics = RefinementStatistics(
            observed: [10, 12], calculated: [11, 11], background: [10, 10], weights: [1, 1], parameters: 0)
        #expect(FitVerdict.fit(statistics, misfit, .init()).outcome == .unknown)
    }

    private static func refined(
        _ name: String, _ value: Double, _ uncertainty: Double?, atBound: Bool = false
    )
        -> RietveldRefinement.Refined
    {
        let kinds: [Substring: ParameterKind] = [
            "x": .coordinate, "y": .coordinate, "z": .coordinate, "a": .length, "b": .length, "c": .length,
            "alpha": .angle, "beta": .angle, "gamma": .angle, "B": .isotropicDisplacement,
        ]
        let last = name.split(separator: ".").last ?? ""
        return RietveldRefinement.Refined(
            parameter: Parameter(
                name: name, value: value, kind: kinds[last] ?? .lineVariance, bounds: -100...100, formula: "",
                scale: 0.1),
            uncertainty: uncertainty, isAtBound: atBound)
    }

    @Test("uncertainties as large as the intensities, about which nothing scatters, are no σ")
    func uncertaintiesThatAreNone() {
        func outcome(sigma: Double, scatter: Double, hasExpectedR: Bool = true) -> VerdictClause.Outcome {
            let count = 200
            let statistics = RefinementStatistics(
                observed: (0..<count).map { 100 + ($0 % 2 == 0 ? scatter : -scatter) },
                calculated: [Double](repeating: 100, count: count),
                background: [Double](repeating: 0, count: count),
                weights: [Double](repeating: 1 / (sigma * sigma), count: count), parameters: 4)
            return FitVerdict.weights("as stated", hasExpectedR: hasExpectedR, statistics, .init()).outcome
        }
        #expect(outcome(sigma: 100, scatter: 8) == .fails)
        #expect(outcome(sigma: 1000, scatter: 8) == .fails)
        // A weak pattern that scatters as it says; a good one whose σ is merely large.
        #expect(outcome(sigma: 60, scatter: 58) == .holds)
        #expect(outcome(sigma: 20, scatter: 4) == .holds)
        #expect(outcome(sigma: 100, scatter: 8, hasExpectedR: false) == .unknown)
    }

    @Test("an atom that moves far more than the others is not the element that stands there")
    func foreignElement() {
        func outcome(_ chromium: Double, _ uncertainty: Double, _ name: String = "Cr.B")
            -> VerdictClause.Outcome
        {
            FitVerdict.parameters(
                [
                    Self.refined("O.B", 2.02, 0.15), Self.refined("Pb.B", 1.38, 0.02),
                    Self.refined(name, chromium, uncertainty),
                ], .init()
            ).outcome
        }
        #expect(outcome(8.54, 0.16) == .fails)
        // Too uncertain, not far enough from the others, not large, or of another phase.
        #expect(outcome(8.54, 1.4) == .holds)
        #expect(outcome(6.5, 0.1) == .holds)
        #expect(outcome(5.9, 0.01) == .holds)
        #expect(outcome(8.54, 0.16, "fluorite.Ca.B") == .holds)
        let halite = [Self.refined("Na.B", 1.6, 0.2), Self.refined("Cl.B", 7.46, 0.2)]
        #expect(FitVerdict.parameters(halite, .init()).outcome == .holds)
    }

    /// Europium given for silver in AgCr4InSe8's pattern, and silver.
    @Test("what moves far beside the others is told at the limit that is asked for")
    func lighter() {
        func told(_ name: String, _ value: Double, _ uncertainty: Double) -> [String] {
            var limits = FitVerdict.Limits()
            limits.doubtedB = 2
            let others = [
                Self.refined("In.B", 0.01, 0.11), Self.refined("Cr.B", 0.54, 0.05),
                Self.refined("Se.B", 0.58, 0.03),
            ]
            return FitVerdict.lighter([Self.refined(name, value, uncertainty)] + others, limits)
        }
        #expect(told("Eu.B", 2.97, 0.18).count == 1)
        #expect(told("Eu.B", 2.97, 0.6).isEmpty && told("Ag.B", 0.8, 0.05).isEmpty)
        #expect(FitVerdict.parameters([Self.refined("Eu.B", 2.97, 0.18)], .init()).outcome == .holds)
    }

    @Test("parameters: O1.z 0(1319), a 5(193) Å and a B of 15 Å² fail; a width at its bound is said")
    func parameters() {
        func clause(_ refined: RietveldRefinement.Refined...) -> VerdictClause {
            FitVerdict.parameters(refined, .init())
        }
        #expect(clause(Self.refined("O1.z", 0.3, 0.002), Self.refined("a", 5, 0.001)).outcome == .holds)
        #expect(clause(Self.refined("O1.z", 0, 1319)).outcome == .fails)
        #expect(clause(Self.refined("O1.z", 0, nil)).outcome == .fails)
        #expect(clause(Self.refined("a", 5, 193)).outcome == .fails)
        #expect(clause(Self.refined("fluorite.a", 5, 193)).outcome == .fails)
        #expect(clause(Self.refined("O.B", 15, nil, atBound: true)).outcome == .fails)
        let width = clause(Self.refined("X", 0, nil, atBound: true))
        #expect(width.outcome == .holds)
        #expect(width.sentence.contains("at the end of their range: X"))
    }

    @Test("convergence: a refinement that was cut short fails")
    func convergence() {
        #expect(FitVerdict.convergence(true, 8).outcome == .holds)
        #expect(FitVerdict.convergence(false, 100).outcome == .fails)
    }

    @Test("serial correlation: 1 for white noise, the length of runs for residuals that run together")
    func serialCorrelation() {
        var random = RandomStream(seed: 3)
        let white = (0..<20_000).map { _ in random.normal() }
        let factor = SerialCorrelation(residuals: white).factor
        #expect(abs(factor - 1) < 0.05)
        let repeated = white.flatMap { [Double](repeating: $0, count: 8) }
        #expect(abs(SerialCorrelation(residuals: repeated).factor - 8) < 0.5)
    }

    @Test("model comparison: a parameter must gain ln n of χ², in units of what free intensities leave")
    func modelComparison() {
        let white = SerialCorrelation(residuals: [1, -1, 1, -1])
        let comparison = ModelComparison(variance: 4, correlation: white, points: 1000)
        func evidence(_ gain: Double) -> Double {
            comparison.evidence(for: (1000 - gain, 11), over: (1000, 10))
        }
        #expect(evidence(0) < -6)
        #expect(evidence(4 * 6.9) < 0 && evidence(4 * 7) > 0)
        #expect(evidence(4 * 20) > ModelComparison.decisive)
    }

    @Test(
        "model comparison: of M intensities with errors of their own M ln of the ratio of what is left counts, no more"
    )
    func errorsOfIntensities() {
        let misfit = StructuralMisfit(
            structure: 5000, parameters: 10, free: 1000, freeParameters: 60, points: 1060, signal: 1e6)
        let comparison = ModelComparison(
            misfit, correlation: SerialCorrelation(residuals: [1, -1, 1, -1]), points: 1060,
            weightedSquares: 1e6)
        func evidence(_ first: Double, _ second: Double, more: Int = 0) -> Double {
            comparison.evidence(for: (second, 10 + more), over: (first, 10))
        }
        // A tenth of an error that neither explains is no evidence for three parameters more, however many points there are.
        #expect(evidence(5000, 4600, more: 3) < 0)
        #expect(abs(evidence(5000, 4600) - 50 * log(4050.0 / 3650)) < 0.5)
        // What leaves noise alone is, and near noise it is Δχ²/s².
        #expect(evidence(5000, 1000, more: 3) > ModelComparison.decisive)
        #expect(abs(evidence(1010, 1000) - 10) < 1.5)
    }
}
