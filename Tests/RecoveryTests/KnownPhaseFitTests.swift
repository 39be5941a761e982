import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Testing

/// What a `KnownPhase` gives to a pattern, as its `KnownContribution`.
@Suite struct KnownPhaseFitTests {
    /// Counts of rutile and fluorite by volume shares, 10,000 in the highest point.
    private func mixture(_ share: Double) throws -> CompanionPattern {
        let instrument = Instrument(radiation: Instrument.landscapePaper.radiation, polarization: 1)
        let twoTheta = (0..<4250).map { 10 + Double($0) / 50 }
        let phases = [
            PowderModel.Phase(try PowderGroupRecoveryTests.rutile(), name: "a", scale: 1 - share),
            PowderModel.Phase(try PowderGroupRecoveryTests.fluorite(), name: "b", scale: share),
        ]
        let clean = try PowderCalculation(
            PowderModel(phases: phases, instrument: instrument), twoTheta: twoTheta
        ).calculated
        let highest = try #require(clean.max())
        var random = RandomStream(seed: 4)
        let counts = clean.map { value in
            let mean = 10_000 * value / highest + 100
            return max(0, (mean + random.normal() * mean.squareRoot()).rounded())
        }
        let pattern = PowderPattern(twoTheta: twoTheta, intensity: counts)
        return CompanionPattern(
            instrument: instrument, pattern: pattern, weights: PowderRecovery.weights(of: pattern))
    }

    @Test("scale and cell of a known phase come out of the lines that are its own, whatever stands beside it")
    func scale() throws {
        let reading = try mixture(0.4)
        var changed = try PowderGroupRecoveryTests.fluorite()
        changed.latticeParameters.values = [5.463 * 1.002]
        let phase = KnownPhase(name: "fluorite", changed)
        let found = try KnownPhaseFit()([phase], reading)
        let fitted = try #require(found.phases.first)
        #expect(abs(fitted.structure.latticeParameters.values[0] - 5.463) < 0.001)
        // Beside it rutile alone is left: its scale by its strongest line's share.
        let rest = found.removed(from: reading.pattern, weights: reading.weights)
        let peak = reading.pattern.twoTheta.indices.filter { found.calculated[$0] > 500 }
        #expect(!peak.isEmpty)
        let left = peak.map { abs(rest.intensity[$0] - 100) }.reduce(0, +)
        let taken = peak.map { found.calculated[$0] }.reduce(0, +)
        #expect(left < 0.25 * taken)
    }

    @Test("a phase that is not there takes nothing off")
    func absent() throws {
        let found = try KnownPhaseFit()(
            [KnownPhase(name: "fluorite", try PowderGroupRecoveryTests.fluorite())], try mixture(0))
        let whole = try mixture(0).pattern.intensity.reduce(0, +)
        #expect(found.calculated.reduce(0, +) < 0.02 * whole)
    }
}
