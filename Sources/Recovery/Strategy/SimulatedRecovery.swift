import Crystallography
import Diffraction
import Parameterization
import Symmetry

/// Recovers a structure from a noise-free pattern of a known simulator (no background, known widths, no B factors):
/// cells from the positions of the lines, the free coordinates from the intensities, then everything together.
///
/// Every cell that free intensities explain is a candidate; of equivalent bases only the intensities decide.
package struct SimulatedRecovery: Sendable {
    package var instrument: Instrument
    package var scatteringTable: ScatteringTable
    package var dispersion: Bool
    package var settings = ExactSettings()
    package var seed: UInt64 = 1

    package init(instrument: Instrument, scatteringTable: ScatteringTable, dispersion: Bool) {
        self.instrument = instrument
        self.scatteringTable = scatteringTable
        self.dispersion = dispersion
    }

    package struct Result: Sendable {
        package var structure: ReducedStructure
        /// √(Σ(y − s ŷ)²/Σy²), unit weights.
        package var rwp: Double
        /// Distinct cells whose intensities were searched, and the last of them.
        package var cellsTried: Int
        /// Ways to occupy positions that were held against the intensities.
        package var assignmentsTried: Int
        /// True where the search ended because it had cost what it may (`ExactSettings.Ways.effort`), not because all was tried.
        package var isExhausted = false
        /// The other minima that were refined below 2 %, best first.
        package var alternatives: [ReducedStructure]
    }

    /// - Parameters:
    ///   - twoTheta: degrees, equidistant.
    ///   - intensity: of any scale.
    ///   - start: group and occupied positions; its cell and coordinates are tried first but not trusted.
    /// - Throws: `RecoveryError` where too few lines stand out or no cell explains them; `CancellationError`.
    package func recover(twoTheta: [Double], intensity: [Double], start: ReducedStructure) throws
        -> Result
    {
        let pattern = try pattern(twoTheta, intensity)
        guard pattern.lines.peaks.count > start.latticeParameters.names.count else {
            throw RecoveryError.tooFewLines(found: pattern.lines.peaks.count)
        }
        let stage = CellStage(evidence: pattern, settings: settings.cell)
        var search = PlacedSearch(pattern: pattern, start: start, settings: settings, seed: seed)
        for spread in settings.cell.spreads where !search.isDone {
            let cells = try stage.cells(
                around: start.lattice, in: start.spaceGroup, spread: spread, kept: settings.cells)
            try search(cells.map(\.lattice))
        }
        if !search.isDone { try search.lookCloser() }
        // The right lattice on other axes: the occupied positions hold in one basis only.
        if !search.isDone, search.basisMatters, let best = search.bestLattice {
            let widest = settings.cell.spreads.max() ?? 0
            let bases = EquivalentBases(
                of: best, in: start.spaceGroup, near: start.lattice, spread: widest, settings: settings.cells)
            try search(bases.lattices)
        }
        return try result(search.results, cells: search.tried.count)
    }

    func pattern(_ twoTheta: [Double], _ intensity: [Double]) throws(RecoveryError) -> ExactPattern {
        try ExactPattern(
            twoTheta: twoTheta, intensity: intensity, instrument: instrument,
            scatteringTable: scatteringTable, dispersion: dispersion, settings: settings)
    }

    func result(_ found: [ExactRefinement.Refined], cells: Int, assignments: Int = 1) throws(RecoveryError)
        -> Result
    {
        let results = found.sorted { $0.rwp < $1.rwp }
        guard let best = results.first else { throw .noCell }
        return Result(
            structure: best.structure, rwp: best.rwp, cellsTried: cells, assignmentsTried: assignments,
            alternatives: results.dropFirst().filter { $0.rwp < settings.refinement.alternatives }
                .map(\.structure))
    }
}
