import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

/// Two patterns of one crystal, of Cu Kα1 and of a longer wavelength that is not quite known.
///
/// Reaches `PatternFit`.
@Suite("Against several patterns") struct JointStrategyTests {
    private static func counts(_ structure: ReducedStructure, wavelength: Double, seed: UInt64) throws
        -> PowderPattern
    {
        let twoTheta = (0..<3500).map { 15 + Double($0) / 40 }
        let instrument = Instrument(
            radiation: Radiation(wavelength: wavelength), widths: PeakWidths(w: 0.02, x: 0.05))
        let clean = try PowderCalculation(
            PowderModel(phases: [.init(structure)], instrument: instrument), twoTheta: twoTheta
        ).calculated
        let highest = try #require(clean.max())
        var random = RandomStream(seed: seed, index: 11)
        return PowderPattern(
            twoTheta: twoTheta,
            intensity: clean.map { value in
                let mean = 5000 * value / highest + 100
                return max(0, (mean + random.normal() * mean.squareRoot()).rounded())
            })
    }

    private static func recovered(stretch: Double, refines: Bool) throws -> PowderRecovery.Result {
        let rutile = try RefinementStrategyTests.rutile()
        let first = try counts(rutile, wavelength: 1.5406, seed: 1)
        let second = try counts(rutile, wavelength: 1.7902 * stretch, seed: 2)
        var recovery = PowderRecovery(instrument: Instrument(radiation: Radiation(wavelength: 1.5406)))
        recovery.companions = [
            CompanionPattern(
                instrument: Instrument(radiation: Radiation(wavelength: 1.7902)), pattern: second,
                weights: PowderRecovery.weights(of: second), refinesWavelength: refines)
        ]
        return try recovery.recover(
            first, weights: PowderRecovery.weights(of: first),
            starts: [try RefinementStrategyTests.rutile(x: 0.29)])
    }

    @Test("a pattern's own parameters are called after it, the crystal's are common")
    func names() throws {
        #expect(JointStrategy.name(0) == "pattern1")
        let result = try Self.recovered(stretch: 1, refines: false)
        let joint = try #require(result.joint)
        let names = joint.refined.map(\.parameter.name)
        #expect(names.contains("pattern2.zero") && names.contains("pattern1.W") && names.contains("O1.x"))
        #expect(!names.contains("pattern2.O1.x") && !names.contains("pattern2.wavelength"))
        #expect(Set(names).count == names.count)
        #expect(joint.parts.count == 2)
        #expect(result.statistics.gof < 1.2)
        #expect(result.warnings.isEmpty)
        #expect(abs(result.structure.orbits[1].position.x - 0.306) < 2e-3)
    }

    @Test("a wavelength that is 0.3 % longer is refined to what it is, and said")
    func wavelength() throws {
        let result = try Self.recovered(stretch: 1.003, refines: true)
        let joint = try #require(result.joint)
        let found = try #require(joint.refined.first { $0.parameter.name == "pattern2.wavelength" })
        #expect(abs(found.parameter.value / (1.7902 * 1.003) - 1) < 2e-4)
        #expect(result.warnings.contains { $0.hasPrefix("pattern 2 has its lines") })
        #expect(abs(result.structure.latticeParameters.values[0] - 4.594) < 1e-3)
    }

    @Test("a further pattern without lines is named")
    func noLines() throws {
        let rutile = try RefinementStrategyTests.rutile()
        let first = try Self.counts(rutile, wavelength: 1.5406, seed: 1)
        let flat = PowderPattern(
            twoTheta: first.twoTheta, intensity: first.twoTheta.map { _ in 100 })
        var recovery = PowderRecovery(instrument: Instrument(radiation: Radiation(wavelength: 1.5406)))
        recovery.companions = [
            CompanionPattern(
                instrument: recovery.instrument, pattern: flat, weights: PowderRecovery.weights(of: flat))
        ]
        let error = #expect(throws: RecoveryError.self) {
            try recovery.recover(first, weights: PowderRecovery.weights(of: first), starts: [rutile])
        }
        guard case .companion(number: 2, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
