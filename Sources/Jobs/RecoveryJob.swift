import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Parameterization
import Recovery
import Refinement
import Symmetry

/// From measured patterns and a start to a structure with its proof.
package struct RecoveryJob: Job {
    package typealias Outcome = RecoveryOutcome

    /// Of one sample; the cell is found from the first one's lines.
    package var measurements: [Measurement]
    package var start: NamedRecord
    package var knowledge = StartKnowledge.nothing
    /// Phases of the sample beside the one that is looked for; with one pattern only.
    package var also: [NamedRecord] = []
    /// To compare with.
    package var reference: NamedRecord?
    /// Whether the wavelengths of several patterns stay as given.
    package var holdsWavelengths = false
    package var seed: UInt64 = 1
    /// Decides between structures that the pattern hardly tells apart; nil leaves it to the pattern.
    package var energy: EnergyDecision?
    /// Whether, and which, texture is looked for in the first pattern; without energies.
    package var orientation: OrientationQuestion?
    /// Whether the coordinates of the result are restrained by the energy, with the decision's weight.
    package var isRestrained = false
    package var settings = RecoverySettings()

    /// - Parameter measurements: one at least.
    package init(_ measurements: [Measurement], start: NamedRecord) {
        (self.measurements, self.start) = (measurements, start)
    }

    /// - Throws: an error of one line that names the file and the remedy, or `CancellationError`.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let readings = try readings()
        let progress: PowderRecovery.Progress = { report(.step($0)) }
        let first = readings[0]
        let known = try KnownPhases(also).contribution(to: first, settings: settings, progress)
        let found = try search(readings, known, progress: progress)
        var best = found.best
        // A search that was stopped has not seen all.
        try Task.checkCancellation()
        if let energy {
            let decision = try energy.decide(
                best, pattern: first.pattern, weights: first.weights, progress: progress)
            best = decision.result
            best.warnings += decision.sentences
            if isRestrained { try restrain(&best, energy, first) }
        }
        if readings.count == 1 {
            best = try recovery(first, known).withExchanges(
                best, pattern: first.pattern, weights: first.weights)
        }
        try Task.checkCancellation()
        var outcome = try RecoveryOutcome(
            best, from: start, measurements, readings, reference: reference, settings: settings,
            known: known)
        outcome.seed = seed
        outcome.rejected = found.rejected
        outcome.warnings = start.record.warnings + remarks(on: readings) + outcome.warnings
        outcome.seconds = begin.duration(to: clock.now) / .seconds(1)
        try Task.checkCancellation()
        return outcome
    }

    private func readings() throws -> [CompanionPattern] {
        guard let second = measurements.dropFirst().first else {
            let reading = try measurements[0].reading()
            try checkReach(reading)
            return [reading]
        }
        guard also.isEmpty else {
            throw CrystalFileError(
                file: second.name, problem: "known phases are fitted along with one pattern only",
                remedy: "leave out --also or all patterns but one")
        }
        guard energy == nil else {
            throw CrystalFileError(
                file: second.name, problem: "energies decide with one pattern only",
                remedy: "leave out --potential or all patterns but one")
        }
        var readings = try measurements.map { try $0.reading() }
        for reading in readings { try checkReach(reading) }
        guard !holdsWavelengths else { return readings }
        let refined = RefinedWavelengths.chosen(
            zip(measurements, readings).map {
                ($0.illumination, $1.instrument.radiation.probe, $1.pattern.radiation)
            })
        for index in readings.indices { readings[index].refinesWavelength = refined[index] }
        return readings
    }

    /// - Throws: where the start has more reflections in the pattern than can be listed: a wavelength without physics.
    private func checkReach(_ reading: CompanionPattern) throws {
        let s =
            sin((reading.pattern.twoTheta.last ?? 90) * .pi / 360)
            / reading.instrument.radiation.shortestWavelength
        try ReflectionList.check(
            reciprocalMetric: start.record.structure.lattice.reciprocalMetric, limit: s * s)
    }

    /// What the readers had to decide about the patterns.
    private func remarks(on readings: [CompanionPattern]) -> [String] {
        zip(measurements, readings).flatMap { measurement, reading in
            reading.pattern.remarks.map { "\(measurement.name): \($0)" }
                // What is assumed is a clause of the proof.
                + (measurement.isAssumed ? [] : measurement.wavelengthRemarks)
        }
    }

    private func named(_ error: RecoveryError) -> CrystalFileError {
        var file = measurements[0].name
        if case .companion(let number, _) = error { file = measurements[number - 1].name }
        return CrystalFileError(file: file, problem: error.problem, remedy: error.remedy)
    }

    // MARK: The search

    private typealias Found = (best: PowderRecovery.Result, rejected: [RecoveryOutcome.Rejected])

    /// The best of what is known to be possible, and what else was tried.
    private func search(
        _ readings: [CompanionPattern], _ known: KnownContribution?,
        progress: @escaping PowderRecovery.Progress
    ) throws -> Found {
        let first = readings[0]
        var recovery = recovery(first, known)
        recovery.companions = Array(readings.dropFirst())
        recovery.reference = reference?.record.structure
        recovery.refinesWavelength = first.refinesWavelength
        if case .family(let family) = knowledge {
            do {
                let result = try recovery.recover(
                    first.pattern, weights: first.weights, start: start.record.structure,
                    in: family.spaceGroups, progress: progress)
                return (result, [])
            } catch let error as RecoveryError {
                throw named(error)
            }
        }
        var found = try amongGroups(recovery, first, progress)
        var isGroupAsked = true
        if case .nothing = knowledge { isGroupAsked = false }
        found.best = try recovery.textured(
            found.best, pattern: first.pattern, weights: first.weights, progress: progress)
        found.best = try recovery.decided(
            found.best, pattern: first.pattern, weights: first.weights, isGroupAsked: isGroupAsked,
            progress: progress)
        return found
    }

    private func recovery(_ first: CompanionPattern, _ known: KnownContribution?) -> PowderRecovery {
        var recovery = PowderRecovery(instrument: first.instrument)
        recovery.known = known
        (recovery.settings, recovery.seed, recovery.orientation) = (settings, seed, orientation)
        return recovery
    }

    private func amongGroups(
        _ recovery: PowderRecovery, _ first: CompanionPattern, _ progress: @escaping PowderRecovery.Progress
    ) throws -> Found {
        let candidates = try PossibleStarts(of: start, settings: settings, seed: seed, progress: progress)
            .candidates(knowledge)
        var best: PowderRecovery.Result?
        var rejected: [RecoveryOutcome.Rejected] = []
        for starts in candidates {
            guard let candidate = starts.first else { continue }
            if candidates.count > 1 {
                progress("trying \(candidate.spaceGroup.compactSymbol) (\(candidate.spaceGroup.number))")
            }
            do {
                let result = try recovery.recover(
                    first.pattern, weights: first.weights, starts: starts, progress: progress)
                if let known = best, !result.isBetter(than: known, settings.selection) {
                    rejected.append(
                        .init(result, reason: "another group fits as well with fewer parameters"))
                } else {
                    if let known = best { rejected.append(.init(known, reason: "fits worse")) }
                    best = result
                }
            } catch let error as RecoveryError {
                guard candidates.count > 1 else { throw named(error) }
                progress("\(candidate.spaceGroup.compactSymbol): \(error)")
            }
        }
        guard let best else {
            throw CrystalFileError(
                file: measurements[0].name,
                problem: "no group that the start shows leads to a cell that explains its lines",
                remedy: "check the wavelength, the range and the start's cell")
        }
        return (best, rejected)
    }

    private func restrain(
        _ result: inout PowderRecovery.Result, _ energy: EnergyDecision, _ first: CompanionPattern
    ) throws {
        let weight = energy.share(of: result.refinement.statistics.rwp)
        let restraint = EnergyRestraint(energy.potential, weight: weight)
        let before = result.refinement.statistics.rwp
        result.refinement = try restraint.refine(
            result.refinement, pattern: first.pattern, weights: first.weights)
        result.structure = result.refinement.model.phases[0].structure
        result.warnings.append(
            String(
                format: "coordinates restrained by %@ with weight %.3f: Rwp %.2f %%, %.2f %% without",
                energy.potential.name, weight, 100 * result.refinement.statistics.rwp, 100 * before))
    }
}
