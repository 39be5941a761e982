import Crystallography
import Diffraction
import Foundation
import Indexing
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry

/// Finds the lattice of a pattern, or of a list of lines: proposed by the lines, ranked by the whole profile.
package struct IndexJob: Job {
    /// What is indexed.
    package enum Source: Sendable {
        case pattern(Measurement)
        case lines([IndexingLine], probe: Radiation.Probe = .xray)
    }

    package var source: Source
    /// The composition; nil where it is not known.
    package var formula: Formula?
    package var indexing = Indexing()
    /// Phases of the sample beside the one whose lattice is looked for; their lines are no evidence. With a pattern only.
    package var also: [NamedRecord] = []
    package var settings = RecoverySettings()
    /// Whether the likely lattices are fitted as special cases of lower ones, too (`Outcome.lowered`).
    package var lowersMetrics = false
    package init(_ source: Source) { self.source = source }

    /// A lattice, as the lines and, where there is a pattern, the profile show it.
    package struct Candidate: Sendable {
        package var cell: IndexedCell
        /// Refined against the profile; `cell.cell` where it was not.
        package var lattice: Lattice
        /// Degrees 2θ.
        package var zero: Double
        /// √(Σw(y − yc)²/Σwy²) of the net pattern with free intensities; nil where it was not fitted.
        package var rwp: Double?
        /// The logarithm by which lines and profile together make it likelier than chance.
        package var score: Double
        /// That it is the right one; from 0 to 1.
        package var probability: Double
        /// Formula units in the conventional cell; nil without a composition.
        package var z: Int?
        /// The net pattern with free intensities from its first point on; empty where it was not fitted.
        package var calculated: [Double] = []
    }

    /// A phase that was known beforehand.
    package struct Known: Sendable {
        package var name: String
        /// Fitted to the pattern.
        package var lattice: Lattice
        /// Of the net pattern's intensity.
        package var share: Double
        /// Degrees 2θ of the pattern's lines that are its own, left out of the list.
        package var lines: [Double]
    }

    package struct Outcome: Sendable {
        package var lines: [IndexingLine]
        /// Best first.
        package var candidates: [Candidate]
        /// Degrees and net intensities, for a picture; empty where lines were given.
        package var twoTheta: [Double]
        package var net: [Double]
        package var wavelength: Double?
        package var seconds: Double
        /// Phases that were known beforehand, with their lines.
        package var known: [Known]
        /// Whether the first is an answer.
        package var verdict: IndexVerdict
        /// The likely ones with fewer axes alike, where that was asked for.
        package var lowered: [LoweredLattice] = []

        /// Probabilities of the lattices; a sublattice that has all strong lines of a superlattice is as likely as that, which loses half:
        /// shapes of lines that are fitted badly may be all that speaks for it.
        func probabilities(_ settings: IndexingSettings) -> [Double] {
            let told = SuperlatticeLines(lines, settings)
            return candidates.map { candidate in
                let larger = candidates.filter { told.count(of: $0.cell, beyond: candidate.cell) == 0 }
                if let best = larger.map(\.probability).max(), best > candidate.probability { return best }
                let isUntold = candidates.contains {
                    told.count(of: candidate.cell, beyond: $0.cell) == 0
                }
                return isUntold ? candidate.probability / 2 : candidate.probability
            }
        }
    }

    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let begin = ContinuousClock().now
        let formulaVolume = formula.flatMap { AtomicVolumes.volume(of: $0) }
        if let formula, formulaVolume == nil {
            report(
                .remark(
                    "no volume is known of an element of \(formula.text(.given)): the composition takes no part"
                ))
        }
        var indexing = indexing
        indexing.formulaVolume = formulaVolume
        indexing.formulaRadius = formula?.largestRadius
        var profile: Profile?
        let (lines, probe): ([IndexingLine], Radiation.Probe)
        switch source {
        case .lines(let given, let givenProbe): (lines, probe) = (given, givenProbe)
        case .pattern(let measurement):
            let found = try Profile(measurement, also: also, indexing.settings, settings)
            for remark in measurement.wavelengthRemarks + found.remarks { report(.remark(remark)) }
            (profile, lines, probe) = (found, found.lines, found.radiation.probe)
            report(.step("\(lines.count) lines, width \(String(format: "%.3f", found.peaks.width))°"))
        }
        if probe == .neutron { indexing.settings.farZeros = indexing.settings.farZerosOfNeutrons }
        let cells = try await indexing.index(lines) { report(.step($0)) }
        var candidates = cells.map { Candidate(cell: $0, formulaVolume: formulaVolume) }
        var lowered: [LoweredLattice] = []
        if let profile {
            candidates = try await fitted(
                candidates, profile, weakest: indexing.settings.weakest(lines),
                isComposed: formulaVolume != nil, report)
            if lowersMetrics { lowered = try self.lowered(candidates, profile, report) }
        }
        return Outcome(
            lines: lines, candidates: candidates, twoTheta: profile?.data.twoTheta ?? [],
            net: profile?.data.net ?? [], wavelength: profile?.wavelength,
            seconds: (ContinuousClock().now - begin) / .seconds(1),
            known: profile?.known ?? [],
            verdict: IndexVerdict(
                candidates.first?.cell, probability: candidates.first?.probability ?? 0,
                zero: candidates.first?.zero ?? 0, formulaVolume: formulaVolume,
                others: candidates.dropFirst().map(\.cell), lines: lines, indexing.settings),
            lowered: lowered)
    }

    /// The first ones fitted with free intensities; the profile decides among them.
    private func fitted(
        _ candidates: [Candidate], _ profile: Profile, weakest: Double, isComposed: Bool,
        _ report: @escaping JobProgress.Sink
    ) async throws -> [Candidate] {
        let best = candidates.first?.score ?? 0
        let count = min(
            indexing.settings.fittedCells,
            candidates.prefix { $0.score > best - indexing.settings.fittedMargin }.count)
        let fits = try await parallelMap(Array(candidates.prefix(count)), width: indexing.jobs) {
            candidate -> Profile.Fit? in
            try Task.checkCancellation()
            if indexing.isExpired() { return nil }
            let fit = try profile.fitted(candidate)
            let cell = fit.candidate.cell
            report(.step("\(cell.lattice.rawValue) \(String(format: "%.1f", cell.volume)) Å³"))
            return fit
        }.compactMap(\.self)
        // Where the time is up the lines alone decide: scores with and without a profile do not compare.
        guard fits.count == count, !indexing.isExpired() else { return candidates }
        let scored = zip(fits, profile.scores(fits)).map { fit, score in
            var candidate = fit.candidate
            candidate.score = score
            return candidate
        }
        return ranked(scored, weakest: weakest, isComposed: isComposed) + candidates.dropFirst(count)
    }

    /// By lines and profile; probabilities among those that were fitted.
    private func ranked(_ fits: [Candidate], weakest: Double, isComposed: Bool) -> [Candidate] {
        var sorted = fits.sorted { $0.score > $1.score }
        let probabilities = indexing.settings.probabilities(
            sorted.map(\.score), volumes: sorted.map(\.cell.primitiveVolume), weakest: weakest,
            isComposed: isComposed)
        for i in sorted.indices { sorted[i].probability = probabilities[i] }
        return sorted
    }
}

extension IndexJob.Candidate {
    fileprivate init(cell: IndexedCell, formulaVolume: Double?) {
        self.init(
            cell: cell, lattice: cell.cell, zero: cell.zero, rwp: nil, score: cell.score,
            probability: cell.probability,
            z: formulaVolume.map { max(1, Int((cell.volume / $0).rounded())) })
    }
}

extension Formula {
    /// Å, covalent, of its largest atom whose radius is known.
    fileprivate var largestRadius: Double? {
        parts.compactMap { Species(symbol: $0.symbol)?.element.covalentRadius }.max()
    }
}
