import Crystallography
import Diffraction
import Parameterization
import Refinement
import Symmetry

extension CellStage<ExactPattern> {
    /// The distinct cells that explain the low angles with free intensities, best first.
    ///
    /// - Parameter kept: which of them.
    package func cells(
        around start: Lattice, in group: SpaceGroup, spread: Double, kept: ExactSettings.Cells
    ) throws(CancellationError) -> [FittedCell] {
        let candidates = try proposals(around: start, in: group, spread: spread)
        guard !candidates.isEmpty, let last = lastLine else { return [] }
        let data = evidence.data.below(last.twoTheta + kept.fitReach)
        var fits: [(start: LatticeParameters, cell: FittedCell)] = []
        for candidate in candidates {
            // A pattern without noise is explained to better than this by the right cell; look further until it is.
            let isFound = (fits.map(\.cell.rwp).min() ?? 1) < kept.good
            let enough = isFound ? settings.candidates : kept.patience * settings.candidates
            try WorkLimit.check()
            guard fits.count < enough else { break }
            let lattice = LatticeParameters(of: candidate.lattice, in: group)
            let isKnown = fits.contains {
                $0.start.agrees(with: lattice, within: kept.sameStart)
                    || $0.cell.lattice.agrees(with: lattice, within: settings.sameCell)
            }
            guard !isKnown else { continue }
            let cell = fitted(lattice, in: group, data: data, to: last.twoTheta + kept.reflectionReach)
            fits.append((lattice, cell))
            if lattice.names.count < kept.fewParameters, cell.rwp < kept.settled { break }
        }
        if let best = fits.map(\.cell).min(by: { $0.rwp < $1.rwp }), best.rwp < kept.strainedBelow {
            for lattice in Self.strained(best.lattice, kept.strains) {
                let cell = fitted(
                    lattice, in: group, data: data, to: last.twoTheta + kept.reflectionReach)
                if !fits.contains(where: {
                    $0.cell.lattice.agrees(with: cell.lattice, within: settings.sameCell)
                }) {
                    fits.append((lattice, cell))
                }
            }
        }
        guard let best = fits.map(\.cell.rwp).min() else { return [] }
        return fits.map(\.cell).filter { $0.rwp < best + kept.slack }.sorted { $0.rwp < $1.rwp }
    }

    /// Cells of the same volume, stretched along the axis of a lattice of two lengths, on either side of a higher metric: a fit
    /// stays where it begins.
    private static func strained(_ lattice: LatticeParameters, _ strains: [Double]) -> [LatticeParameters] {
        guard lattice.names == ["a", "c"] else { return [] }
        return strains.map { strain in
            var other = lattice
            other.values[0] *= 1 - strain / 3
            other.values[1] *= 1 + 2 * strain / 3
            return other
        }
    }

    private func fitted(
        _ lattice: LatticeParameters, in group: SpaceGroup, data: PawleyFit.Data, to limit: Double
    ) -> FittedCell {
        var fitter = PawleyFit()
        fitter.refinesWidths = false
        fitter.refinesZero = false
        fitter.settings = settings.pawley
        let list = evidence.reflections(of: group, lattice.lattice, to: limit)
        let fit = fitter(data, reflections: list.indices, lattice: lattice, profile: evidence.profile)
        return FittedCell(fit: fit, reflections: list)
    }
}
