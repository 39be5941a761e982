import Crystallography
import Diffraction
import Parameterization
import Recovery
import Refinement
import Symmetry

/// What a recovery found, with its proof.
package struct RecoveryOutcome: Sendable {
    /// A structure that was kept aside.
    package struct Rejected: Sendable, Hashable {
        package var spaceGroup: SpaceGroup
        /// A fraction.
        package var rwp: Double
        /// Why it was not chosen.
        package var reason: String

        init(_ result: PowderRecovery.Result, reason: String) {
            spaceGroup = result.structure.spaceGroup
            rwp = result.statistics.rwp
            self.reason = reason
        }
    }

    /// What one of several starts led to.
    package struct TriedStart: Sendable, Hashable {
        /// The file's.
        package var name: String
        /// What it ended in; nil where it led nowhere.
        package var spaceGroup: SpaceGroup?
        /// A fraction.
        package var rwp: Double?
        package var isProven: Bool
        /// The clauses that do not hold, or what stopped it.
        package var remark: String

        init(_ outcome: RecoveryOutcome) {
            name = outcome.start
            spaceGroup = outcome.structure.spaceGroup
            rwp = outcome.result.statistics.rwp
            isProven = outcome.isProven
            remark = outcome.proof.objections.map(\.name).joined(separator: ", ")
        }

        init(name: String, trouble: String) {
            (self.name, isProven, remark) = (name, false, trouble)
        }
    }

    /// A phase of the sample and its share.
    package struct PhaseShare: Sendable, Hashable {
        /// Its file; of the one that was looked for, the start's.
        package var name: String
        package var structure: ReducedStructure
        package var weight: WeightFractions.Phase
    }

    /// Of a sample with known phases all of them, the recovered one first; else empty.
    package var phases: [PhaseShare] = []
    package var seed: UInt64 = 1
    /// Of the whole run, by the clock on the wall.
    package var seconds = 0.0
    /// What the start is called.
    package var start: String
    package var result: PowderRecovery.Result
    /// The start, described as the result is.
    package var comparableStart: ReducedStructure
    /// Every start in the order given; empty where there was one.
    package var starts: [TriedStart] = []
    /// All patterns, the first one first.
    package var fits: [PatternFit]
    /// Groups that lost against the chosen one.
    package var rejected: [Rejected] = []
    package var contacts: Contacts
    /// nil without a reference.
    package var comparison: ReferenceComparison?
    package var warnings: [String]
    package var proof: Proof
    /// Every number that decided what was found.
    package var settings: RecoverySettings

    package var structure: ReducedStructure { result.structure }

    /// Whether every clause of the proof holds.
    package var isProven: Bool { proof.isProven }

    /// - Parameter known: fitted along with the first pattern.
    /// - Throws: what the calculation of the patterns and the refinements of the proof throw.
    init(
        _ result: PowderRecovery.Result, from start: NamedRecord, _ measurements: [Measurement],
        _ readings: [CompanionPattern], reference: NamedRecord?, settings: RecoverySettings,
        known: KnownContribution? = nil
    ) throws {
        (self.start, self.result, self.settings) = (start.name, result, settings)
        comparableStart = ComparableStart.structure(of: result, given: start.record.structure.lattice)
        let fits = try Self.fits(of: result, measurements, readings)
        self.fits = fits
        if let known {
            let refinement = result.refinement
            let shares = try WeightFractions(refinement.model, covariance: refinement.covariance).phases
            phases = zip([start.name] + known.names, zip(refinement.model.phases, shares)).map {
                PhaseShare(name: $0, structure: $1.0.structure, weight: $1.1)
            }
        }
        contacts = Contacts(result.structure)
        comparison = try reference.map {
            try ReferenceComparison(result.structure, reference: $0.record.structure)
        }
        let unexplained = fits.map { fit in
            UnexplainedLines(
                fit.pattern, radiation: fit.refinement.model.instrument.radiation,
                reflections: fit.reflections, settings: settings.lines,
                file: fits.count > 1 ? fit.file : nil)
        }
        warnings = result.warnings + unexplained.compactMap(\.sentence)
        proof = try Proof.proof(
            of: result, fits: fits, weights: readings.map(\.weights), comparison: comparison,
            unexplained: unexplained, wavelength: measurements[0].isAssumed, limits: settings.proof)
    }

    private static func fits(
        of result: PowderRecovery.Result, _ measurements: [Measurement], _ readings: [CompanionPattern]
    ) throws -> [PatternFit] {
        try (result.joint?.parts ?? [result.refinement]).enumerated().map { index, refinement in
            let (measurement, pattern) = (measurements[index], readings[index].pattern)
            let calculation = try PowderCalculation(refinement.model, twoTheta: pattern.twoTheta)
            let bragg = BraggAgreement(
                calculation, observed: pattern.intensity, weights: readings[index].weights)
            return PatternFit(
                file: measurement.name, pattern: pattern, refinement: refinement,
                reflections: calculation.reflections, excluded: measurement.excluded, rBragg: bragg.rBragg)
        }
    }
}
