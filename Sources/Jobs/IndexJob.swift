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
        case lines([IndexingLine])
    }

    package var source: Source
    /// The composition; nil where it is not known.
    package var formula: Formula?
    package var indexing = Indexing()
    /// Phases of the sample beside the one whose lattice is looked for; their lines are no evidence. With a pattern only.
    package var also: [NamedRecord] = []
    package var settings = RecoverySettings()
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
        let lines: [IndexingLine]
        switch source {
        case .lines(let given): lines = given
        case .pattern(let measurement):
            let found = try Profile(measurement, also: also, indexing.settings, settings)
            for remark in measurement.wavelengthRemarks { report(.remark(remark)) }
            (profile, lines) = (found, found.lines)
            report(.step("\(lines.count) lines, width \(String(format: "%.3f", found.peaks.width))°"))
        }
        let cells = try await indexing.index(lines) { report(.step($0)) }
        var candidates = cells.map { Candidate(cell: $0, formulaVolume: formulaVolume) }
        if let profile {
            candidates = try await fitted(
                candidates, profile, weakest: indexing.settings.weakest(lines),
                isComposed: formulaVolume != nil, report)
        }
        return Outcome(
            lines: lines, candidates: candidates, twoTheta: profile?.data.twoTheta ?? [],
            net: profile?.data.net ?? [], wavelength: profile?.wavelength,
            seconds: (ContinuousClock().now - begin) / .seconds(1),
            known: profile?.known ?? [],
            verdict: IndexVerdict(
                candidates.first?.cell, probability: candidates.first?.probability ?? 0,
                zero: candidates.first?.zero ?? 0, formulaVolume: formulaVolume, indexing.settings))
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
        let fits = try await parallelMap(Array(candidates.prefix(count)), width: indexing.jobs) { candidate in
            try Task.checkCancellation()
            if indexing.isExpired() { return candidate }
            let fit = try profile.fitted(candidate)
            report(.step("\(fit.cell.lattice.rawValue) \(String(format: "%.1f", fit.cell.volume)) Å³"))
            return fit
        }
        // Where the time is up the lines alone decide: scores with and without a profile do not compare.
        if indexing.isExpired() { return candidates }
        return ranked(fits, weakest: weakest, isComposed: isComposed) + candidates.dropFirst(count)
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

extension IndexJob {
    /// A pattern's lines and its net profile.
    struct Profile: Sendable {
        let data: PawleyFit.Data
        let peaks: PeakSearch.Result
        let lines: [IndexingLine]
        let wavelength: Double
        let known: [Known]

        private let settings: IndexingSettings

        init(
            _ measurement: Measurement, also: [NamedRecord], _ settings: IndexingSettings,
            _ recovery: RecoverySettings
        ) throws {
            self.settings = settings
            let reading = try measurement.reading()
            let contribution = try KnownPhases(also).contribution(to: reading, settings: recovery)
            let evidence = try MeasuredPattern(
                reading.pattern, weights: reading.weights, instrument: reading.instrument,
                scatteringTable: .wk95, dispersion: true, settings: recovery, atLeast: 0, known: contribution)
            peaks = evidence.lines
            wavelength = reading.instrument.radiation.wavelength
            data = evidence.data
            known = try contribution.map { try Self.known($0, evidence) } ?? []
            let wavelength = wavelength
            lines = peaks.peaks.map {
                IndexingLine(
                    twoTheta: $0.twoTheta, sigma: max(settings.leastUncertainty, $0.uncertainty),
                    wavelength: wavelength, intensity: $0.height,
                    probability: $0.probability)
            }
        }

        /// What is left out: lines of the whole pattern that are none of the rest.
        private static func known(_ contribution: KnownContribution, _ evidence: MeasuredPattern) throws
            -> [Known]
        {
            let (pattern, width) = (evidence.pattern, evidence.lines.width)
            let all = PeakSearch()(pattern, radiation: evidence.instrument.radiation)
            let left = all.peaks.map(\.twoTheta).filter { angle in
                !evidence.lines.peaks.contains { abs($0.twoTheta - angle) < width / 2 }
            }
            let net = zip(pattern.intensity, all.background).reduce(0) { $0 + max(0, $1.0 - $1.1) }
            return try contribution.names.indices.map { k in
                let phase = contribution.phases[k]
                var model = PowderModel(phases: [phase], instrument: evidence.instrument)
                model.instrument.widths = PeakWidths(w: width * width)
                let own = try PowderCalculation(model, twoTheta: pattern.twoTheta).calculated
                return Known(
                    name: contribution.names[k], lattice: phase.structure.lattice,
                    share: own.reduce(0, +) / max(net, 1e-300),
                    lines: left.filter { angle in
                        contribution.lines[k].contains { abs($0 - angle) < width }
                    })
            }
        }

        /// The candidate with its cell, zero and widths refined against the lower part of the pattern.
        func fitted(_ candidate: Candidate) throws -> Candidate {
            let group = try candidate.cell.lattice.symmorphicGroup
            let limit = lines[min(lines.count, settings.profileLines) - 1].twoTheta ?? 180
            let part = data.below(limit + 3 * peaks.width)
            let start = LatticeParameters(of: candidate.lattice, in: group)
            let s = sin((part.twoTheta.last ?? 180) * .pi / 360) / wavelength
            let list = ReflectionList(
                operations: group.operations, reciprocalMetric: start.lattice.reciprocalMetric,
                limit: s * s * 1.02)
            let fit = PawleyFit()(
                part, reflections: list.indices, lattice: start,
                profile: CellProfile(w: peaks.width * peaks.width, zero: candidate.zero))
            var result = candidate
            result.lattice = fit.lattice.lattice
            result.zero = fit.profile.zero
            result.rwp = fit.rwp
            result.calculated = fit.calculated
            result.score += evidence(fit, part)
            return result
        }

        /// What the profile says of a lattice (`FreeIntensityEvidence`). N counts peaks' widths, not points: neighbours say the same.
        private func evidence(_ fit: PawleyFit.Result, _ part: PawleyFit.Data) -> Double {
            let span = (part.twoTheta.last ?? 0) - (part.twoTheta.first ?? 0)
            let norm = zip(part.net, part.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            return FreeIntensityEvidence(
                observations: max(2, span / peaks.width), presentShare: settings.presentShare,
                leastMisfit: settings.leastMisfit
            ).logarithm(of: fit, norm: norm)
        }
    }
}

extension BravaisLattice {
    /// The group of the holohedry without any absence but the centring's.
    var symmorphicGroup: SpaceGroup {
        get throws {
            let symbol =
                switch self {
                case .cF: "F m -3 m"
                case .cI: "I m -3 m"
                case .cP: "P m -3 m"
                case .hR: "R -3 m :H"
                case .hP: "P 6/m m m"
                case .tI: "I 4/m m m"
                case .tP: "P 4/m m m"
                case .oF: "F m m m"
                case .oI: "I m m m"
                case .oC: "C m m m"
                case .oP: "P m m m"
                case .mC: "C 1 2/m 1"
                case .mP: "P 1 2/m 1"
                case .aP: "P -1"
                }
            return try SpaceGroup.find(symbol)
        }
    }
}

extension Formula {
    /// Å, covalent, of its largest atom whose radius is known.
    fileprivate var largestRadius: Double? {
        parts.compactMap { Species(symbol: $0.symbol)?.element.covalentRadius }.max()
    }
}
