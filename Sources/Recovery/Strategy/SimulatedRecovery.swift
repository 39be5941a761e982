import Crystallography
import Diffraction
import Parameterization
import Symmetry

/// Recovers a structure from a noise-free pattern of a known simulator (no background, known widths, no B factors):
/// cells from the positions of the lines, the free coordinates from the intensities, then everything together.
///
/// Every cell that free intensities explain is a candidate; of equivalent bases only the intensities decide.
public struct SimulatedRecovery: Sendable {
    public var instrument: Instrument
    public var scatteringTable: ScatteringTable
    public var dispersion: Bool
    /// Assumed strengths of the cell's distortion, tried in turn.
    public var cellSpreads = [0.1, 0.2]
    /// Cells that are fitted with free intensities, for each spread.
    public var cellCandidates = 16
    public var atomStarts = 200
    /// The start's coordinates and moves of 0.3 Å around them, in every candidate cell.
    public var nearStarts = 13
    /// Starts in the refined cell of a fit that is good and not perfect.
    public var closerStarts = 800
    /// What the search for the occupied positions may cost for each spread: the sum over descents of
    /// (1 + free coordinates)².
    public var effort = 4_000_000.0
    /// Unit-weight R of the joint refinement at which the search ends. Of a pattern without noise the truth leaves 10⁻⁸ and
    /// less; neighbours of the periodic table in each other's places (Cr, Mn, Ni; Ni, Ga) can leave as little as 10⁻⁵.
    public var goal = 1e-6
    public var seed: UInt64 = 1

    public init(instrument: Instrument, scatteringTable: ScatteringTable, dispersion: Bool) {
        self.instrument = instrument
        self.scatteringTable = scatteringTable
        self.dispersion = dispersion
    }

    public struct Result: Sendable {
        public var structure: ReducedStructure
        /// √(Σ(y − s ŷ)²/Σy²), unit weights.
        public var rwp: Double
        /// Distinct cells whose intensities were searched, and the last of them.
        public var cellsTried: Int
        /// Ways to occupy positions that were held against the intensities.
        public var assignmentsTried: Int
        /// True where the search ended because it had cost what it may (`effort`), not because all was tried.
        public var isExhausted = false
        /// The other minima that were refined below 2 %, best first.
        public var alternatives: [ReducedStructure]
    }

    /// - Parameters:
    ///   - twoTheta: degrees, equidistant.
    ///   - intensity: of any scale.
    ///   - start: group and occupied positions; its cell and coordinates are tried first but not trusted.
    public func callAsFunction(twoTheta: [Double], intensity: [Double], start: ReducedStructure) throws
        -> Result
    {
        let pattern = try pattern(twoTheta, intensity)
        guard pattern.lines.peaks.count > start.latticeParameters.names.count else {
            throw RecoveryError.tooFewLines(found: pattern.lines.peaks.count)
        }
        var search = PlacedSearch(pattern: pattern, start: start, settings: self)
        for spread in cellSpreads where !search.isDone {
            let cells = try pattern.cells(
                around: start.lattice, in: start.spaceGroup, spread: spread, count: cellCandidates)
            try search(cells.map(\.lattice))
        }
        if !search.isDone { try search.lookCloser() }
        // The right lattice on other axes: the occupied positions hold in one basis only.
        if !search.isDone, search.basisMatters, let best = search.bestLattice {
            let widest = cellSpreads.max() ?? 0.1
            let bases = EquivalentBases(of: best, in: start.spaceGroup, near: start.lattice, spread: widest)
            try search(bases.lattices)
        }
        return try Self.result(search.results, cells: search.tried.count)
    }

    func pattern(_ twoTheta: [Double], _ intensity: [Double]) throws -> SimulatedPattern {
        try SimulatedPattern(
            twoTheta: twoTheta, intensity: intensity, instrument: instrument,
            scatteringTable: scatteringTable,
            dispersion: dispersion)
    }

    static func result(_ found: [RefinedStructure], cells: Int, assignments: Int = 1) throws -> Result {
        let results = found.sorted { $0.rwp < $1.rwp }
        guard let best = results.first else { throw RecoveryError.noCell }
        return Result(
            structure: best.structure, rwp: best.rwp, cellsTried: cells, assignmentsTried: assignments,
            alternatives: results.dropFirst().filter { $0.rwp < 0.02 }.map(\.structure))
    }
}
