import Crystallography
import Diffraction
import Foundation
import Indexing
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry

extension IndexJob {
    /// A pattern's lines and its net profile.
    struct Profile: Sendable {
        let data: PawleyFit.Data
        let peaks: PeakSearch.Result
        let lines: [IndexingLine]
        let radiation: Radiation
        var wavelength: Double { radiation.wavelength }
        let known: [Known]
        /// Degrees 2θ of lines that stand where Kβ of stronger ones would.
        let betaLines: [Double]

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
            radiation = reading.instrument.radiation
            data = evidence.data
            known = try contribution.map { try Self.known($0, evidence) } ?? []
            let wavelength = radiation.wavelength
            let beta = BetaLines(peaks, radiation: reading.instrument.radiation, settings: recovery.lines)
            let lines = peaks.peaks.enumerated().map { k, peak in
                IndexingLine(
                    twoTheta: peak.twoTheta, sigma: max(settings.leastUncertainty, peak.uncertainty),
                    wavelength: wavelength, intensity: peak.height,
                    probability: peak.probability * (beta.indices.contains(k) ? settings.betaDoubt : 1))
            }
            betaLines = beta.indices.compactMap { lines[$0].twoTheta }
            self.lines = lines
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

        /// A lattice fitted to the profile.
        struct Fit: Sendable {
            var candidate: Candidate
            var evidence: FreeIntensityEvidence
        }

        /// The lower part of the pattern, as far as lattices are fitted.
        private var part: PawleyFit.Data {
            let limit = lines[min(lines.count, settings.profileLines) - 1].twoTheta ?? 180
            return data.below(limit + 3 * peaks.width)
        }

        /// The candidate with its cell, zero and widths refined against the lower part of the pattern.
        func fitted(_ candidate: Candidate) throws -> Fit {
            let group = try candidate.cell.lattice.symmorphicGroup
            let part = part
            let start = LatticeParameters(of: candidate.lattice, in: group)
            let s = sin((part.twoTheta.last ?? 180) * .pi / 360) / wavelength
            let list = ReflectionList(
                operations: group.operations, reciprocalMetric: start.lattice.reciprocalMetric,
                limit: s * s * 1.02)
            let fit = PawleyFit()(
                part, reflections: list.indices, lattice: start,
                profile: CellProfile(w: peaks.width * peaks.width, zero: candidate.zero))
            let metric = fit.lattice.lattice.reciprocalMetric
            var result = candidate
            result.lattice = fit.lattice.lattice
            result.zero = fit.profile.zero
            result.rwp = fit.rwp
            result.calculated = fit.calculated
            let evidence = evidence(
                part, fit.profile, calculated: fit.calculated,
                reflections: list.indices.map { ReflectionList.q(of: $0, reciprocalMetric: metric) },
                intensities: fit.intensities)
            return Fit(candidate: result, evidence: evidence)
        }

        /// What is known of the lines before any lattice is.
        var remarks: [String] {
            guard !betaLines.isEmpty else { return [] }
            let angles = betaLines.map { String(format: "%.2f°", $0) }.joined(separator: ", ")
            return ["lines at \(angles) stand where Kβ of stronger lines would: they are little evidence"]
        }

        /// Of lines at places Q (Å⁻²) under a profile.
        private func evidence(
            _ part: PawleyFit.Data, _ profile: CellProfile, calculated: [Double], reflections: [Double],
            intensities: [Double]
        ) -> FreeIntensityEvidence {
            let weights = part.weights
            let own = zip(reflections, intensities).compactMap {
                q, intensity -> FreeIntensityEvidence.Line? in
                guard let column = profile.column(q: q, radiation: part.radiation, grid: part.twoTheta) else {
                    return nil
                }
                let precision = Self.square(column.values, weights[column.start...])
                return FreeIntensityEvidence.Line(
                    intensity: intensity, precision: precision, share: settings.presentShare)
            }
            return FreeIntensityEvidence(
                chiSquared: Self.square(zip(part.net, calculated).map { $0 - $1 }, weights),
                norm: Self.square(part.net, weights), reflections: own.filter { $0.precision > 0 })
        }

        private static func square(_ values: some Sequence<Double>, _ weights: some Sequence<Double>)
            -> Double
        {
            zip(values, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        }

        /// Scores of lattices with how much less the profile says for them than for the one for which it says most.
        func scores(_ fits: [Fit]) -> [Double] {
            let part = part
            let span = (part.twoTheta.last ?? 0) - (part.twoTheta.first ?? 0)
            // Peaks' widths, not points: neighbours say the same.
            let observations = max(2, span / peaks.width)
            let evidence = fits.map { $0.evidence.logarithm(observations: observations) }
            let highest = evidence.max() ?? 0
            return zip(fits, evidence).map { $0.candidate.score + $1 - highest }
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
