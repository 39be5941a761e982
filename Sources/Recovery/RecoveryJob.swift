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
    /// The crystal family, where neither group nor positions are known; the start stands on its conventional axes.
    public var family: CrystalFamily?
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
    /// Further patterns of the sample, refined together with the first.
    public var companions: [Measurement] = []
    /// Wavelengths stay as given. Otherwise, with several patterns, those given as numbers are refined beside emission
    /// lines, or beside the first pattern's where no pattern has lines by name.
    public var holdsWavelengths = false
    public var seed: UInt64 = 1
    /// Decides between structures that the pattern hardly tells apart; nil leaves it to the pattern.
    public var energy: EnergyDecision?
    /// Whether the coordinates of the result are restrained by the energy, with the decision's weight.
    public var isRestrained = false
    public var proofLimits = Proof.Limits()
    public var version = ""

    public init(pattern: String, start: String) {
        (self.pattern, self.start) = (pattern, start)
    }

    /// A measured pattern and what it was measured with.
    public struct Measurement: Sendable {
        public var pattern: String
        /// `CuKa`, a number in Å, …; nil takes the pattern file's, else Cu Kα.
        public var wavelength: String?
        public var probe = Radiation.Probe.xray
        /// K of (1 + K cos²2θ).
        public var polarization = 1.0
        /// Degrees 2θ.
        public var range: ClosedRange<Double>?
        public var excluded: [ClosedRange<Double>] = []

        public init(pattern: String) { self.pattern = pattern }
    }

    /// All patterns, the first one first.
    private var measurements: [Measurement] {
        var first = Measurement(pattern: pattern)
        (first.wavelength, first.probe, first.polarization) = (wavelength, probe, polarization)
        (first.range, first.excluded) = (range, excluded)
        return [first] + companions
    }

    /// What became of one pattern.
    public struct PatternFit: Sendable {
        /// As it was named.
        public var file: String
        public var pattern: PowderPattern
        public var refinement: RietveldRefinement.Result
        public var reflections: [PowderReflection]
        public var excluded: [ClosedRange<Double>]
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
        /// All patterns, the first one first.
        public var fits: [PatternFit]
        /// Of all patterns together, their own parameters called after them; nil where there is one.
        public var joint: JointRefinement.Result?

        /// Whether every clause of the proof holds.
        public var isProven: Bool { summary.proof.isProven }
    }

    /// - Throws: an error of one line that names the file and the remedy; nothing is written.
    public func run(progress: @escaping PowderRecovery.Progress = { _ in }) throws -> Outcome {
        let began = Date()
        let first = try reading(measurements[0])
        var others = try companions.map(reading)
        if companions.isEmpty == false, energy != nil {
            throw CrystalFileError(
                file: companions[0].pattern, problem: "energies decide with one pattern only",
                remedy: "leave out --potential or all patterns but one")
        }
        let measured = first.pattern
        let startRecord = try CrystalFile.readFirst(start)
        for reading in [first] + others { try Self.checkReach(reading, start: startRecord) }
        let referenceRecord = try reference.map { try CrystalFile.readFirst($0) }
        let refined = refinedWavelengths([first] + others)
        for index in others.indices { others[index].refinesWavelength = refined[index + 1] }
        let weights = first.weights
        let (found, rejected, notes) = try search(
            startRecord, reference: referenceRecord, first: first, others: others,
            refinesWavelength: refined[0], progress: progress)
        guard var best = found else {
            throw CrystalFileError(
                file: pattern,
                problem: "no group that the start shows leads to a cell that explains its lines",
                remedy: "check the wavelength, the range and the start's cell")
        }
        if let energy {
            let decision = try energy(best, pattern: measured, weights: weights, progress: progress)
            best = decision.result
            best.warnings += decision.sentences
            if isRestrained { try restrain(&best, energy, measured, weights) }
        }
        if companions.isEmpty {
            best.exchanged = try ExchangedElements()(best, pattern: measured, weights: weights)
        }
        return try outcome(
            best, rejected: rejected, readings: [first] + others, reference: referenceRecord,
            warnings: startRecord.warnings + remarks(on: [first] + others) + notes, began: began)
    }

    /// - Throws: where the start has more reflections in the pattern than can be listed: a wavelength without physics.
    private static func checkReach(_ reading: CompanionPattern, start: CrystalRecord) throws {
        let s =
            sin((reading.pattern.twoTheta.last ?? 90) * .pi / 360)
            / reading.instrument.radiation.shortestWavelength
        try ReflectionList.check(
            reciprocalMetric: start.structure.lattice.reciprocalMetric, limit: s * s)
    }

    /// What the readers had to decide about the patterns.
    private func remarks(on readings: [CompanionPattern]) -> [String] {
        zip(measurements, readings).flatMap { measurement, reading in
            reading.pattern.remarks.map { "\(measurement.pattern): \($0)" }
        }
    }

    private func named(_ error: RecoveryError) -> CrystalFileError {
        var file = pattern
        if case .companion(let number, _) = error { file = companions[number - 2].pattern }
        return CrystalFileError(file: file, problem: error.problem, remedy: error.remedy)
    }

    /// The best of what is known to be possible, what else was tried, and warnings.
    private func search(
        _ start: CrystalRecord, reference: CrystalRecord?, first: CompanionPattern,
        others: [CompanionPattern], refinesWavelength: Bool,
        progress: @escaping PowderRecovery.Progress
    ) throws -> (best: PowderRecovery.Result?, rejected: [RecoverySummary.Alternative], warnings: [String]) {
        var recovery = PowderRecovery(instrument: first.instrument)
        recovery.seed = seed
        recovery.companions = others
        recovery.reference = reference?.structure
        recovery.refinesWavelength = refinesWavelength
        if let family {
            do {
                let result = try recovery(
                    first.pattern, weights: first.weights, start: start.structure, in: family.spaceGroups,
                    progress: progress)
                return (result, [], [])
            } catch let error as RecoveryError {
                throw named(error)
            }
        }
        let knowledge = try StartKnowledge(job: self, start: start, progress: progress)
        var best: PowderRecovery.Result?
        var rejected: [RecoverySummary.Alternative] = []
        for starts in knowledge.candidates {
            guard let candidate = starts.first else { continue }
            if knowledge.candidates.count > 1 {
                progress("trying \(candidate.spaceGroup.compactSymbol) (\(candidate.spaceGroup.number))")
            }
            do {
                let result = try recovery(
                    first.pattern, weights: first.weights, starts: starts, progress: progress)
                if let known = best, !PowderRecovery.isBetter(result, than: known) {
                    rejected.append(
                        Self.alternative(result, reason: "another group fits as well with fewer parameters"))
                } else {
                    if let known = best { rejected.append(Self.alternative(known, reason: "fits worse")) }
                    best = result
                }
            } catch let error as RecoveryError {
                guard knowledge.candidates.count > 1 else { throw named(error) }
                progress("\(candidate.spaceGroup.compactSymbol): \(error)")
            }
        }
        if let known = best {
            let lines = try PowderRecovery.Lines(
                first.pattern, weights: first.weights, radiation: first.instrument.radiation, atLeast: 1,
                progress: { _ in })
            let decision = SymmetryDecision(
                recovery: recovery, pattern: first.pattern, weights: first.weights, lines: lines,
                progress: progress)
            if spaceGroup == nil, symmetryFrom == nil {
                best = try decision(known)
            } else {
                best?.groupClause = try decision.clause(of: known)
            }
        }
        return (best, rejected, knowledge.warnings)
    }

    private func restrain(
        _ result: inout PowderRecovery.Result, _ energy: EnergyDecision, _ measured: PowderPattern,
        _ weights: [Double]
    ) throws {
        let weight = energy.share(of: result.refinement.statistics.rwp)
        let restraint = EnergyRestraint(energy.potential, weight: weight)
        let before = result.refinement.statistics.rwp
        result.refinement = try restraint(result.refinement, pattern: measured, weights: weights)
        result.structure = result.refinement.model.phases[0].structure
        result.warnings.append(
            String(
                format: "coordinates restrained by %@ with weight %.3f: Rwp %.2f %%, %.2f %% without",
                energy.potential.name, weight, 100 * result.refinement.statistics.rwp, 100 * before))
    }

    private static func alternative(_ result: PowderRecovery.Result, reason: String)
        -> RecoverySummary.Alternative
    {
        RecoverySummary.Alternative(
            spaceGroup: result.structure.spaceGroup.symbol, rwp: result.statistics.rwp, reason: reason)
    }

    private func reading(_ measurement: Measurement) throws -> CompanionPattern {
        let whole = try PowderPatternFile.read(measurement.pattern)
        var part = whole
        if let range = measurement.range {
            part = whole.restricted(to: range)
            guard part.twoTheta.count >= 50 else {
                throw CrystalFileError(
                    file: measurement.pattern,
                    problem: "only \(part.twoTheta.count) points lie within --range "
                        + "\(range.lowerBound):\(range.upperBound)",
                    remedy:
                        "the pattern goes from \(whole.twoTheta.first ?? 0) to \(whole.twoTheta.last ?? 0)°")
            }
        }
        // Neutrons, where the command or the file says so.
        let probe = part.probe == .neutron ? .neutron : measurement.probe
        guard measurement.wavelength != nil || part.radiation != nil || probe == .xray else {
            throw CrystalFileError(
                file: measurement.pattern, problem: "no wavelength is known of these neutrons",
                remedy: "give --wavelength in Å")
        }
        var radiation =
            try measurement.wavelength.map { try Wavelength.radiation(named: $0, probe: probe) }
            ?? part.radiation ?? Wavelength.radiation(named: "CuKa", probe: probe)
        if probe == .neutron { radiation.probe = .neutron }
        for line in radiation.lines { try Wavelength.check(line.wavelength) }
        return CompanionPattern(
            instrument: Instrument(radiation: radiation, polarization: measurement.polarization),
            pattern: part, weights: PowderRecovery.weights(of: part, excluding: measurement.excluded))
    }

    /// Which patterns' wavelengths are refined: those that no emission line fixes, but not all.
    private func refinedWavelengths(_ readings: [CompanionPattern]) -> [Bool] {
        guard readings.count > 1, !holdsWavelengths else { return readings.map { _ in false } }
        var refined = zip(measurements, readings).map { measurement, reading in
            reading.instrument.radiation.probe == .neutron
                || measurement.wavelength.map { Double($0) != nil }
                    ?? (reading.pattern.radiation?.lines.count == 1)
        }
        if refined.allSatisfy({ $0 }) { refined[0] = false }
        return refined
    }

    // MARK: The outcome

    private func outcome(
        _ result: PowderRecovery.Result, rejected: [RecoverySummary.Alternative],
        readings: [CompanionPattern], reference: CrystalRecord?, warnings: [String], began: Date
    ) throws -> Outcome {
        let structure = result.structure
        var fits: [PatternFit] = []
        var rows: [RecoverySummary.PatternRow] = []
        for (index, refinement) in (result.joint?.parts ?? [result.refinement]).enumerated() {
            let (measurement, pattern) = (measurements[index], readings[index].pattern)
            let calculation = try PowderCalculation(refinement.model, twoTheta: pattern.twoTheta)
            let bragg = BraggAgreement(
                calculation, observed: pattern.intensity, weights: readings[index].weights)
            let fit = PatternFit(
                file: measurement.pattern, pattern: pattern, refinement: refinement,
                reflections: calculation.reflections, excluded: measurement.excluded)
            fits.append(fit)
            rows.append(RecoverySummary.PatternRow(fit, rBragg: bragg.rBragg))
        }
        let measured = readings[0].pattern
        let contacts = Contacts(structure)
        let comparison = reference.map { ReferenceComparison(structure, reference: $0.structure) }
        let statistics = result.statistics
        let hasExpectedR = fits.allSatisfy(\.pattern.weighting.hasExpectedR)
        let cell = structure.latticeParameters.cell
        let unexplained = fits.map { fit in
            UnexplainedLines(
                fit.pattern, radiation: fit.refinement.model.instrument.radiation,
                reflections: fit.reflections, file: fits.count > 1 ? fit.file : nil)
        }
        let proof = try Proof(
            result, fits: fits, weights: readings.map(\.weights),
            comparison: comparison, unexplained: unexplained,
            wavelength: measurements[0].wavelength == nil && measured.radiation == nil,
            limits: proofLimits)
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
            parameters: (result.joint?.refined ?? result.refinement.refined).map {
                RecoverySummary.ParameterRow(
                    name: $0.parameter.name, value: $0.parameter.value, uncertainty: $0.uncertainty,
                    unit: $0.parameter.unit)
            }, rwp: statistics.rwp,
            rwpBackgroundSubtracted: statistics.rwpBackgroundSubtracted,
            rexp: hasExpectedR ? statistics.rexp : .nan,
            gof: hasExpectedR ? statistics.gof : .nan, rBragg: rows[0].rBragg,
            rwpPawley: result.freeIntensityRwp,
            points: statistics.points,
            range: [measured.twoTheta.first ?? 0, measured.twoTheta.last ?? 0],
            excluded: excluded.map { [$0.lowerBound, $0.upperBound] },
            symmetryVerified: proof.holds("symmetry"),
            shortestDistance: contacts.shortestDistance, shortestContact: contacts.shortestShare,
            matched: comparison?.isMatch, rmsDisplacement: comparison?.rmsDisplacement,
            maxDisplacement: comparison?.maximumDisplacement,
            alternatives: rejected
                + result.alternatives.map {
                    RecoverySummary.Alternative(
                        spaceGroup: $0.structure.spaceGroup.symbol, rwp: $0.rwp,
                        reason: $0.shortestContact < Contacts.sane ? "atoms too close" : "fits worse")
                }, warnings: warnings + result.warnings + unexplained.compactMap(\.sentence), patterns: rows,
            proof: proof)
        return Outcome(
            summary: summary, structure: structure, refinement: result.refinement, pattern: measured,
            reflections: fits[0].reflections, startParameters: result.start.parameters, excluded: excluded,
            fits: fits,
            joint: result.joint)
    }
}
