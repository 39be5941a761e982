import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement
import Symmetry

extension CellStage<MeasuredPattern> {
    /// The one cell whose free intensities fit the low angles best, refined with widths and zero on the whole range.
    ///
    /// - Throws: `RecoveryError.noCell`.
    package func cell(around start: Lattice, in group: SpaceGroup, progress: RecoveryProgress) throws
        -> FittedCell
    {
        var candidates: [CellCandidate] = []
        for spread in settings.spreads {
            candidates += try proposals(around: start, in: group, spread: spread)
                .prefix(settings.candidates)
        }
        guard !candidates.isEmpty, let last = lastLine else { throw RecoveryError.noCell }
        let width = evidence.lines.width
        let lowAngles = evidence.data.below(last.twoTheta + settings.fitReach * width)
        var fitter = PawleyFit()
        fitter.settings = settings.pawley
        var fits: [PawleyFit.Result] = []
        for candidate in candidates {
            try WorkLimit.check()
            let lattice = LatticeParameters(of: candidate.lattice, in: group)
            let known = fits.contains { $0.lattice.agrees(with: lattice, within: settings.sameCell) }
            guard !known else { continue }
            let list = evidence.reflections(of: group, lattice.lattice, in: lowAngles)
            let profile = CellProfile(w: width * width, zero: candidate.zero)
            fits.append(fitter(lowAngles, reflections: list.indices, lattice: lattice, profile: profile))
        }
        guard let best = fits.min(by: { $0.rwp < $1.rwp }) else { throw RecoveryError.noCell }
        let list = evidence.reflections(of: group, best.lattice.lattice)
        let whole = fitter(
            evidence.data, reflections: list.indices, lattice: best.lattice, profile: best.profile)
        let values = zip(whole.lattice.names, whole.lattice.values).map {
            "\($0) \(String(format: "%.4f", $1))"
        }
        progress(
            "cell \(values.joined(separator: ", ")); free intensities leave Rwp "
                + String(format: "%.2f %% of the net pattern", 100 * whole.rwp))
        return FittedCell(fit: whole, reflections: list)
    }
}
