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
    /// Unit-weight R of the joint refinement at which the search ends.
    public var goal = 1e-4
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
        var tried: [LatticeParameters] = []
        var results: [RefinedStructure] = []
        // Near the start's coordinates first in every cell, from anywhere only then: of equivalent bases the one in
        // which the start makes sense is the likely one.
        searching: for spread in cellSpreads {
            var placements: [Placement] = []
            for cell in pattern.cells(
                around: start.lattice, in: start.spaceGroup, spread: spread, count: cellCandidates)
            {
                guard !tried.contains(where: { $0.agrees(with: cell.lattice, within: 2e-4) }) else {
                    continue
                }
                tried.append(cell.lattice)
                var placed = start
                placed.latticeParameters = cell.lattice
                let intensities = try pattern.intensities(of: placed.spaceGroup, placed.lattice)
                let near = try pattern.atoms(placed, intensities, starts: nearStarts, seed: seed)
                placements.append(
                    Placement(structure: placed, intensities: intensities, rwp: near.first?.rwp ?? 1))
                guard let first = near.first, first.rwp < 0.05 else { continue }
                results += try pattern.jointly([first], goal: goal)
                if let last = results.last, last.rwp < goal { break searching }
            }
            placements.sort { $0.rwp < $1.rwp }
            for round in 0..<2 {
                // Many coordinates get twice as many starts again, in every cell.
                if round > 0, start.freeCoordinates.count < 12 { break }
                for placement in placements {
                    let candidates = try pattern.atoms(
                        placement.structure, placement.intensities, starts: (1 + round) * atomStarts,
                        seed: seed &+ UInt64(round))
                    results += try pattern.jointly(candidates, goal: goal)
                    if let last = results.last, last.rwp < goal { break searching }
                }
            }
        }
        return try Self.result(results, cells: tried.count)
    }

    func pattern(_ twoTheta: [Double], _ intensity: [Double]) throws -> SimulatedPattern {
        try SimulatedPattern(
            twoTheta: twoTheta, intensity: intensity, instrument: instrument,
            scatteringTable: scatteringTable,
            dispersion: dispersion)
    }

    /// What is known of one structure in one cell before it is refined.
    struct Placement {
        var structure: ReducedStructure
        var intensities: SimulatedPattern.Intensities
        var rwp: Double
    }

    static func result(_ found: [RefinedStructure], cells: Int, assignments: Int = 1) throws -> Result {
        let results = found.sorted { $0.rwp < $1.rwp }
        guard let best = results.first else { throw RecoveryError.noCell }
        return Result(
            structure: best.structure, rwp: best.rwp, cellsTried: cells, assignmentsTried: assignments,
            alternatives: results.dropFirst().filter { $0.rwp < 0.02 }.map(\.structure))
    }
}
