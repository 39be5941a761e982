import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Matching
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// A recovery from files to an outcome: what the command `wyckoff recover` runs.
public struct RecoveryJob: Sendable {
    public var pattern: String
    public var start: String
    /// The group, as a person writes it.
    public var spaceGroup: String?
    /// A structure whose group, setting and occupied positions are taken; neither coordinates nor cell.
    public var symmetryFrom: String?
    /// A structure to compare with.
    public var reference: String?
    /// `CuKa`, a number in Å, …; nil takes the pattern file's, else Cu Kα.
    public var wavelength: String?
    public var probe = Radiation.Probe.xray
    /// K of (1 + K cos²2θ).
    public var polarization = 1.0
    /// Degrees 2θ.
    public var range: ClosedRange<Double>?
    public var excluded: [ClosedRange<Double>] = []
    public var seed: UInt64 = 1
    /// Decides between structures that the pattern hardly tells apart; nil leaves it to the pattern.
    public var energy: EnergyDecision?
    public var version = ""

    public init(pattern: String, start: String) {
        (self.pattern, self.start) = (pattern, start)
    }

    public struct Outcome: Sendable {
        public var summary: RecoverySummary
        public var structure: ReducedStructure
        public var refinement: RietveldRefinement.Result
        public var pattern: PowderPattern
        public var reflections: [PowderReflection]
        /// The reduced parameters of the start.
        public var startParameters: [Parameter]
        public var excluded: [ClosedRange<Double>]

        /// Symmetry found again, distances sane, and the reference matched where there is one.
        public var isProven: Bool {
            summary.symmetryVerified && summary.shortestContact >= Contacts.sane && summary.matched != false
        }
    }

    /// - Throws: an error of one line that names the file and the remedy; nothing is written.
    public func run(progress: PowderRecovery.Progress = { _ in }) throws -> Outcome {
        let began = Date()
        let measured = try measuredPattern()
        let startRecord = try CrystalFile.readFirst(start)
        let referenceRecord = try reference.map { try CrystalFile.readFirst($0) }
        let instrument = Instrument(radiation: try radiation(measured), polarization: polarization)
        let knowledge = try StartKnowledge(job: self, start: startRecord, progress: progress)
        let weights = PowderRecovery.weights(of: measured, excluding: excluded)

        var best: (result: PowderRecovery.Result, start: ReducedStructure)?
        var rejected: [RecoverySummary.Alternative] = []
        for starts in knowledge.candidates {
            guard let candidate = starts.first else { continue }
            if knowledge.candidates.count > 1 {
                progress("trying \(candidate.spaceGroup.compactSymbol) (\(candidate.spaceGroup.number))")
            }
            var recovery = PowderRecovery(instrument: instrument)
            recovery.seed = seed
            do {
                let result = try recovery(measured, weights: weights, starts: starts, progress: progress)
                if let known = best, !Self.isBetter(result, than: known.result) {
                    rejected.append(
                        Self.alternative(result, reason: "another group fits as well with fewer parameters"))
                } else {
                    if let known = best {
                        rejected.append(Self.alternative(known.result, reason: "fits worse"))
                    }
                    best = (result, candidate)
                }
            } catch let error as RecoveryError {
                guard knowledge.candidates.count > 1 else {
                    throw CrystalFileError(file: pattern, problem: error.problem, remedy: error.remedy)
                }
                progress("\(candidate.spaceGroup.compactSymbol): \(error)")
            }
        }
        guard var best else {
            throw CrystalFileError(
                file: pattern,
                problem: "no group that the start shows leads to a cell that explains its lines",
                remedy: "check the wavelength, the range and the start's cell")
        }
        if let energy {
            let decision = try energy(best.result, pattern: measured, weights: weights, progress: progress)
            best.result = decision.result
            best.result.warnings += decision.sentences
        }
        return try outcome(
            best.result, start: best.start, rejected: rejected, measured: measured, weights: weights,
            reference: referenceRecord, warnings: startRecord.warnings + knowledge.warnings, began: began)
    }

    /// Sane contacts first; then the lower Rwp, a tenth of it allowed for a description with fewer parameters.
    private static func isBetter(_ a: PowderRecovery.Result, than b: PowderRecovery.Result) -> Bool {
        func sane(_ r: PowderRecovery.Result) -> Bool { Contacts(r.structure).shortestShare >= Contacts.sane }
        if sane(a) != sane(b) { return sane(a) }
        func score(_ r: PowderRecovery.Result) -> Double {
            r.refinement.statistics.rwp * (1 + 0.01 * Double(r.structure.degreesOfFreedom))
        }
        return score(a) < score(b)
    }

    private static func alternative(_ result: PowderRecovery.Result, reason: String)
        -> RecoverySummary.Alternative
    {
        RecoverySummary.Alternative(
            spaceGroup: result.structure.spaceGroup.symbol, rwp: result.refinement.statistics.rwp,
            reason: reason)
    }

    private func measuredPattern() throws -> PowderPattern {
        let whole = try PowderPatternFile.read(pattern)
        guard let range else { return whole }
        let part = whole.restricted(to: range)
        guard part.twoTheta.count >= 50 else {
            throw CrystalFileError(
                file: pattern,
                problem: "only \(part.twoTheta.count) points lie within --range "
                    + "\(range.lowerBound):\(range.upperBound)",
                remedy: "the pattern goes from \(whole.twoTheta.first ?? 0) to \(whole.twoTheta.last ?? 0)°")
        }
        return part
    }

    private func radiation(_ pattern: PowderPattern) throws -> Radiation {
        if let wavelength { return try Wavelength.radiation(named: wavelength, probe: probe) }
        if let own = pattern.radiation { return own }
        return try Wavelength.radiation(named: "CuKa", probe: probe)
    }

    // MARK: The outcome

    private func outcome(
        _ result: PowderRecovery.Result, start: ReducedStructure, rejected: [RecoverySummary.Alternative],
        measured: PowderPattern, weights: [Double], reference: CrystalRecord?, warnings: [String], began: Date
    ) throws -> Outcome {
        let structure = result.structure
        let calculation = try PowderCalculation(result.refinement.model, twoTheta: measured.twoTheta)
        let bragg = BraggAgreement(calculation, observed: measured.intensity, weights: weights)
        let contacts = Contacts(structure)
        let comparison = reference.map { ReferenceComparison(structure, reference: $0.structure) }
        let statistics = result.refinement.statistics
        let cell = structure.latticeParameters.cell
        let verified = ProvenSymmetry.isFoundAgain(structure)
        let reflections = calculation.reflections
        let unexplained = UnexplainedLines(
            measured, radiation: result.refinement.model.instrument.radiation, reflections: reflections)
        let summary = RecoverySummary(
            version: version, seed: seed, seconds: Date().timeIntervalSince(began), pattern: self.pattern,
            start: self.start,
            spaceGroup: .init(
                number: structure.spaceGroup.number, symbol: structure.spaceGroup.symbol,
                hallNumber: structure.spaceGroup.hallNumber),
            cell: .init(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5]),
            volume: structure.lattice.volume,
            sites: structure.orbits.enumerated().map { index, orbit in
                RecoverySummary.SiteRow(
                    label: orbit.label, element: orbit.occupants.first?.species.element.symbol ?? "?",
                    letter: orbit.letter, multiplicity: orbit.multiplicity, x: orbit.position.x,
                    y: orbit.position.y, z: orbit.position.z,
                    displacement: comparison?.displacement(ofOrbit: index, in: structure))
            },
            parameters: result.refinement.refined.map {
                RecoverySummary.ParameterRow(
                    name: $0.parameter.name, value: $0.parameter.value, uncertainty: $0.uncertainty,
                    unit: $0.parameter.unit)
            }, rwp: statistics.rwp,
            rwpBackgroundSubtracted: statistics.rwpBackgroundSubtracted, rexp: statistics.rexp,
            gof: statistics.gof, rBragg: bragg.rBragg, rwpPawley: result.freeIntensityRwp,
            points: statistics.points,
            range: [measured.twoTheta.first ?? 0, measured.twoTheta.last ?? 0],
            excluded: excluded.map { [$0.lowerBound, $0.upperBound] }, symmetryVerified: verified,
            shortestDistance: contacts.shortestDistance, shortestContact: contacts.shortestShare,
            matched: comparison?.isMatch, rmsDisplacement: comparison?.rmsDisplacement,
            maxDisplacement: comparison?.maximumDisplacement,
            alternatives: rejected
                + result.alternatives.map {
                    RecoverySummary.Alternative(
                        spaceGroup: structure.spaceGroup.symbol, rwp: $0.rwp,
                        reason: $0.shortestContact < Contacts.sane ? "atoms too close" : "fits worse")
                }, warnings: warnings + result.warnings + [unexplained.sentence].compactMap { $0 })
        return Outcome(
            summary: summary, structure: structure, refinement: result.refinement, pattern: measured,
            reflections: reflections, startParameters: start.parameters, excluded: excluded)
    }
}
