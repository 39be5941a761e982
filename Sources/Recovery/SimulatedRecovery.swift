import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
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
        let highest = intensity.max() ?? 0
        guard highest > 0 else { throw RecoveryError.tooFewLines(found: 0) }
        let target = intensity.map { $0 / highest }
        var search = PeakSearch()
        search.removesBackground = false
        let found = search(
            PowderPattern(twoTheta: twoTheta, intensity: target), radiation: instrument.radiation)
        guard found.peaks.count > start.latticeParameters.names.count else {
            throw RecoveryError.tooFewLines(found: found.peaks.count)
        }
        var tried: [LatticeParameters] = []
        var results: [(structure: ReducedStructure, rwp: Double)] = []
        // Near the start's coordinates first in every cell, from anywhere only then: of equivalent bases the one in
        // which the start makes sense is the likely one.
        searching: for spread in cellSpreads {
            var placements: [(structure: ReducedStructure, rwp: Double)] = []
            for lattice in cells(found, twoTheta, target, start: start, spread: spread) {
                guard !tried.contains(where: { Self.agree($0, lattice, within: 2e-4) }) else { continue }
                tried.append(lattice)
                var placed = start
                placed.latticeParameters = lattice
                let near = try atoms(placed, twoTheta, target, starts: nearStarts)
                placements.append((placed, near.first?.rwp ?? 1))
                guard let first = near.first, first.rwp < 0.05 else { continue }
                results += try refined([first], twoTheta, target)
                if let last = results.last, last.rwp < goal { break searching }
            }
            for placement in placements.sorted(by: { $0.rwp < $1.rwp }) {
                let candidates = try atoms(placement.structure, twoTheta, target, starts: atomStarts)
                results += try refined(candidates, twoTheta, target)
                if let last = results.last, last.rwp < goal { break searching }
            }
        }
        results.sort { $0.rwp < $1.rwp }
        guard let best = results.first else { throw RecoveryError.noCell }
        return Result(
            structure: best.structure, rwp: best.rwp, cellsTried: tried.count,
            alternatives: results.dropFirst().filter { $0.rwp < 0.02 }.map(\.structure))
    }

    private static func agree(_ a: LatticeParameters, _ b: LatticeParameters, within tolerance: Double)
        -> Bool
    {
        zip(a.values, b.values).allSatisfy { abs($0 - $1) < tolerance * abs($1) }
    }

    // MARK: Cells

    /// The distinct cells that explain the low angles with free intensities, best first.
    private func cells(
        _ found: PeakSearch.Result, _ twoTheta: [Double], _ target: [Double], start: ReducedStructure,
        spread: Double
    ) -> [LatticeParameters] {
        let group = start.spaceGroup
        let wavelength = instrument.radiation.lines.first?.wavelength ?? 1
        var search = CellSearch()
        search.zeroUncertainty = 1e-4
        search.beamWidth =
            [500, 1000, 2000, 3000, 6000, 10000][min(5, start.latticeParameters.names.count - 1)]
        let last = found.peaks[min(search.lines, found.peaks.count) - 1]
        let prior = CellPrior(around: start.lattice, spread: spread, in: group)
        guard let mean = prior.lattice(prior.mean) else { return [] }
        let list = ReflectionList(
            operations: group.operations, reciprocalMetric: mean.reciprocalMetric,
            limit: last.q / 4 * (1 + 3 * spread) * 1.1)
        let candidates = search(
            peaks: found.peaks, prior: prior, reflections: list.indices, wavelength: wavelength)
        let data = coarse(twoTheta, target, below: last.twoTheta + 2)
        var fitter = PawleyFit()
        fitter.refinesWidths = false
        fitter.refinesZero = false
        fitter.iterations = 12
        var fits: [(start: LatticeParameters, fit: PawleyFit.Result)] = []
        for candidate in candidates where fits.count < cellCandidates {
            let lattice = LatticeParameters(of: candidate.lattice, in: group)
            guard
                !fits.contains(where: {
                    Self.agree($0.start, lattice, within: 2e-3)
                        || Self.agree($0.fit.lattice, lattice, within: 1e-3)
                })
            else { continue }
            let fit = fitter(
                data, reflections: reflections(group, lattice.lattice, to: last.twoTheta + 2.5),
                lattice: lattice, profile: profile)
            fits.append((lattice, fit))
            // One or two parameters leave no other choice than a good fit.
            if lattice.names.count < 3, fit.rwp < 0.02 { break }
        }
        guard let best = fits.map(\.fit.rwp).min() else { return [] }
        return fits.map(\.fit).filter { $0.rwp < best + 0.03 }.sorted { $0.rwp < $1.rwp }.map(\.lattice)
    }

    /// Lines are a third of a degree wide: 0.04° steps lose nothing that a cell needs.
    private func coarse(_ twoTheta: [Double], _ target: [Double], below limit: Double) -> PawleyFit.Data {
        let step = twoTheta.count > 1 ? twoTheta[1] - twoTheta[0] : 0.01
        let skip = max(1, Int((0.04 / step).rounded()))
        let points = stride(from: 0, to: twoTheta.count, by: skip).filter { twoTheta[$0] <= limit }
        return PawleyFit.Data(
            twoTheta: points.map { twoTheta[$0] }, net: points.map { target[$0] },
            weights: [Double](repeating: 1, count: points.count), radiation: instrument.radiation)
    }

    private var profile: CellProfile {
        let widths = instrument.widths.values
        return CellProfile(w: widths[2], u: widths[0], eta: widths[6], zero: 0, radius: 60)
    }

    private func reflections(_ group: SpaceGroup, _ lattice: Lattice, to twoTheta: Double) -> [SIMD3<Int>] {
        list(group, lattice, to: twoTheta).indices
    }

    private func list(_ group: SpaceGroup, _ lattice: Lattice, to twoTheta: Double) -> ReflectionList {
        let wavelength = instrument.radiation.lines.first?.wavelength ?? 1
        let s = sin(twoTheta * .pi / 360) / wavelength
        return ReflectionList(
            operations: group.operations, reciprocalMetric: lattice.reciprocalMetric, limit: s * s * 1.002)
    }

    // MARK: Atoms, then everything

    private func refined(
        _ candidates: [AtomSearch.Candidate], _ twoTheta: [Double], _ target: [Double]
    ) throws -> [(structure: ReducedStructure, rwp: Double)] {
        var results: [(structure: ReducedStructure, rwp: Double)] = []
        for candidate in candidates.prefix(3) {
            // What intensities alone leave is the cell's remaining error and more: a coarse sieve.
            guard candidate.rwp < (results.isEmpty ? 0.6 : 0.1) else { continue }
            let result = try jointly(candidate.structure, twoTheta, target)
            results.append(result)
            if result.rwp < goal { break }
        }
        return results
    }

    private func atoms(
        _ placed: ReducedStructure, _ twoTheta: [Double], _ target: [Double], starts: Int
    ) throws -> [AtomSearch.Candidate] {
        let last = twoTheta.last ?? 90
        let reflections = list(placed.spaceGroup, placed.lattice, to: last + 3)
        let grid = coarse(twoTheta, target, below: last)
        let metric = placed.lattice.reciprocalMetric
        let columns = reflections.indices.map { h in
            ProfileColumn(
                q: 4 * ReflectionList.q(of: h, reciprocalMetric: metric), instrument: instrument,
                grid: grid.twoTheta)
        }
        guard let profile = CompressedProfile(columns: columns, intensity: grid.net, weights: grid.weights)
        else { throw RecoveryError.noCell }
        let model = try StructureIntensities(
            placed, reflections: reflections, instrument: instrument, scatteringTable: scatteringTable,
            dispersion: dispersion)
        var search = AtomSearch()
        search.starts = starts
        search.goal = 2e-3
        search.seed = seed
        return search(placed, model: model, profile: profile)
    }

    private func jointly(
        _ structure: ReducedStructure, _ twoTheta: [Double], _ target: [Double]
    ) throws -> (structure: ReducedStructure, rwp: Double) {
        var model = PowderModel(
            phases: [.init(structure)], instrument: instrument, scatteringTable: scatteringTable,
            dispersion: dispersion)
        let calculated = try PowderCalculation(model, twoTheta: twoTheta).calculated
        let square = calculated.reduce(0) { $0 + $1 * $1 }
        guard square > 0 else { return (structure, 1) }
        model.phases[0].scale = zip(calculated, target).reduce(0) { $0 + $1.0 * $1.1 } / square
        var refinement = RietveldRefinement()
        refinement.iterations = 30
        refinement.convergence = 1e-6
        let result = try refinement(
            model, pattern: PowderPattern(twoTheta: twoTheta, intensity: target),
            weights: [Double](repeating: 1, count: target.count),
            free: ["scale"] + structure.parameters.map(\.name))
        return (result.model.phases[0].structure, result.statistics.rwp)
    }
}
