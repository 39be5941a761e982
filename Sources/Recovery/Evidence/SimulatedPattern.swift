import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// A noise-free pattern of a known simulator, its lines, and what structures and cells are held against it.
struct SimulatedPattern: Sendable {
    let instrument: Instrument
    let scatteringTable: ScatteringTable
    let dispersion: Bool
    /// Degrees, equidistant.
    let twoTheta: [Double]
    /// The highest point is 1.
    let target: [Double]
    let lines: PeakSearch.Result

    init(
        twoTheta: [Double], intensity: [Double], instrument: Instrument, scatteringTable: ScatteringTable,
        dispersion: Bool
    ) throws {
        let highest = intensity.max() ?? 0
        guard highest > 0 else { throw RecoveryError.tooFewLines(found: 0) }
        self.twoTheta = twoTheta
        target = intensity.map { $0 / highest }
        (self.instrument, self.scatteringTable, self.dispersion) = (instrument, scatteringTable, dispersion)
        var search = PeakSearch()
        search.removesBackground = false
        lines = search(
            PowderPattern(twoTheta: twoTheta, intensity: target), radiation: instrument.radiation)
    }

    // MARK: Cells

    /// The distinct cells that explain the low angles with free intensities, best first.
    ///
    /// - Parameters:
    ///   - count: cells that are fitted with free intensities; four times as many while none of them fits well.
    ///   - slack: how much worse than the best a cell may fit.
    func cells(
        around start: Lattice, in group: SpaceGroup, spread: Double, count: Int, slack: Double = 0.03
    ) throws(CancellationError) -> [FittedCell] {
        let wavelength = instrument.radiation.wavelength
        var search = CellSearch()
        search.zeroUncertainty = 1e-4
        let prior = CellPrior(around: start, spread: spread, in: group)
        search.beamWidth = [500, 1000, 2000, 3000, 6000, 10000][min(5, prior.count - 1)]
        guard lines.peaks.count > prior.count, let mean = prior.lattice(prior.mean) else { return [] }
        let last = lines.peaks[min(search.lines, lines.peaks.count) - 1]
        let list = ReflectionList(
            operations: group.operations, reciprocalMetric: mean.reciprocalMetric,
            limit: last.q / 4 * (1 + 3 * spread) * 1.1)
        let candidates = try search(
            peaks: lines.peaks, prior: prior, reflections: list.indices, wavelength: wavelength)
        let data = coarse(below: last.twoTheta + 2)
        var fits: [(start: LatticeParameters, fit: FittedCell)] = []
        for candidate in candidates {
            // A pattern without noise is explained to better than this by the right cell; look further until it is.
            let enough = (fits.map(\.fit.rwp).min() ?? 1) < 0.005 ? count : 4 * count
            if Task.isCancelled { throw CancellationError() }
            guard fits.count < enough else { break }
            let lattice = LatticeParameters(of: candidate.lattice, in: group)
            guard
                !fits.contains(where: {
                    $0.start.agrees(with: lattice, within: 2e-3)
                        || $0.fit.lattice.agrees(with: lattice, within: 1e-3)
                })
            else { continue }
            let fit = fitted(lattice, in: group, data: data, to: last.twoTheta + 2.5)
            fits.append((lattice, fit))
            // One or two parameters leave no other choice than a good fit.
            if lattice.names.count < 3, fit.rwp < 0.02 { break }
        }
        if let best = fits.map(\.fit).min(by: { $0.rwp < $1.rwp }), best.rwp < 0.05 {
            for lattice in Self.stretched(best.lattice) {
                let fit = fitted(lattice, in: group, data: data, to: last.twoTheta + 2.5)
                if !fits.contains(where: { $0.fit.lattice.agrees(with: fit.lattice, within: 1e-3) }) {
                    fits.append((lattice, fit))
                }
            }
        }
        guard let best = fits.map(\.fit.rwp).min() else { return [] }
        return fits.map(\.fit).filter { $0.rwp < best + slack }.sorted { $0.rwp < $1.rwp }
    }

    /// Where a metric of two parameters is nearly that of a higher system (R32 within 0.2° of cubic), lines that fall
    /// together hide on which side of it the lattice lies, and a fit stays where it begins: cells of the same volume,
    /// stretched along the axis, on either side.
    private static func stretched(_ lattice: LatticeParameters) -> [LatticeParameters] {
        guard lattice.names == ["a", "c"] else { return [] }
        return [-0.012, -0.006, 0.006, 0.012].map { strain in
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
        fitter.iterations = 12
        let list = reflections(of: group, lattice.lattice, to: limit)
        let fit = fitter(data, reflections: list.indices, lattice: lattice, profile: profile)
        return FittedCell(lattice: fit.lattice, rwp: fit.rwp, reflections: list.count)
    }

    /// Lines are a third of a degree wide: 0.04° steps lose nothing that a cell needs.
    func coarse(below limit: Double) -> PawleyFit.Data {
        let step = twoTheta.count > 1 ? twoTheta[1] - twoTheta[0] : 0.01
        let skip = max(1, Int((0.04 / step).rounded()))
        let points = stride(from: 0, to: twoTheta.count, by: skip).filter { twoTheta[$0] <= limit }
        return PawleyFit.Data(
            twoTheta: points.map { twoTheta[$0] }, net: points.map { target[$0] },
            weights: [Double](repeating: 1, count: points.count), radiation: instrument.radiation)
    }

    /// The largest (sinθ/λ)² that a line with some intensity in the pattern can have.
    var reciprocalLimit: Double {
        let s =
            sin(((twoTheta.last ?? 90) + 1) * .pi / 360) / instrument.radiation.wavelength
        return s * s
    }

    /// √(Σ(y − ŷ)²/Σy²) with the best non-negative intensities of lines at Q = 1/d² (ascending).
    func freeIntensityR(q: [Double]) -> Double {
        let grid = coarse(below: twoTheta.last ?? 90)
        let columns = q.compactMap { ProfileColumn(q: $0, instrument: instrument, grid: grid.twoTheta) }
        return AbsenceScreen.unexplained(columns, of: grid.net, weights: grid.weights)
    }

    private var profile: CellProfile {
        let widths = instrument.widths.values
        return CellProfile(w: widths[2], u: widths[0], eta: widths[6], zero: 0, radius: 60)
    }

    private func reflections(of group: SpaceGroup, _ lattice: Lattice, to twoTheta: Double) -> ReflectionList
    {
        let wavelength = instrument.radiation.wavelength
        let s = sin(twoTheta * .pi / 360) / wavelength
        return ReflectionList(
            operations: group.operations, reciprocalMetric: lattice.reciprocalMetric, limit: s * s * 1.002)
    }

    // MARK: Atoms, then everything

    /// What the integrated intensities of one cell must satisfy.
    struct Intensities: Sendable {
        let reflections: ReflectionList
        let profile: CompressedProfile
    }

    func intensities(of group: SpaceGroup, _ lattice: Lattice) throws -> Intensities {
        try intensities(of: group, lattice, to: twoTheta.last ?? 90)
    }

    /// Of the lines at low angles: as far as about `count` reflections reach.
    func lowAngles(of group: SpaceGroup, _ lattice: Lattice, count: Int = 60) throws -> Intensities {
        let last = twoTheta.last ?? 90
        let metric = lattice.reciprocalMetric
        let values = reflections(of: group, lattice, to: last).indices
            .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted()
        guard values.count > count else { return try intensities(of: group, lattice) }
        let wavelength = instrument.radiation.wavelength
        let angle = 2 * asin(min(1, values[count].squareRoot() * wavelength)) * 180 / .pi
        return try intensities(of: group, lattice, to: min(last, angle))
    }

    private func intensities(of group: SpaceGroup, _ lattice: Lattice, to last: Double) throws -> Intensities
    {
        let reflections = reflections(of: group, lattice, to: last + 3)
        let grid = coarse(below: last)
        let metric = lattice.reciprocalMetric
        let columns = reflections.indices.map { h in
            ProfileColumn(
                q: 4 * ReflectionList.q(of: h, reciprocalMetric: metric), instrument: instrument,
                grid: grid.twoTheta)
        }
        guard let profile = CompressedProfile(columns: columns, intensity: grid.net, weights: grid.weights)
        else { throw RecoveryError.noCell }
        return Intensities(reflections: reflections, profile: profile)
    }

    /// - Parameter closer: the cell has been refined, so that only the truth is explained to the last: light atoms and
    ///   like elements count, and hops between orbits are worth it for few coordinates too.
    func atoms(
        _ placed: ReducedStructure, _ intensities: Intensities, starts: Int, near: Int = 12, seed: UInt64,
        closer: Bool = false
    ) throws -> [AtomSearch.Candidate] {
        try Task.checkCancellation()
        let model = try StructureIntensities(
            placed, reflections: intensities.reflections, instrument: instrument,
            scatteringTable: scatteringTable, dispersion: dispersion)
        var search = AtomSearch()
        search.starts = starts
        search.nearStarts = near
        // What the cell's remaining error leaves at the truth; with many coordinates nothing else fits as well, but for
        // exchanged elements, which the joint refinement tells apart.
        search.goal = placed.freeCoordinates.count < search.hoppingFrom ? 2e-3 : 0.012
        if closer {
            search.goal = 1e-6
            search.hoppingFrom = 3
            search.confirmations = 12
        }
        search.seed = seed
        return try search(placed, model: model, profile: intensities.profile)
    }

    /// The R of the best of a few short descents, from the structure's coordinates and from anywhere.
    func quickFit(_ placed: ReducedStructure, _ intensities: Intensities, starts: Int, seed: UInt64) throws
        -> Double
    {
        try Task.checkCancellation()
        let model = try StructureIntensities(
            placed, reflections: intensities.reflections, instrument: instrument,
            scatteringTable: scatteringTable, dispersion: dispersion)
        var search = AtomSearch()
        search.starts = starts
        search.nearStarts = 1
        search.iterations = 10
        search.goal = 0.01
        search.seed = seed
        return try search(placed, model: model, profile: intensities.profile).first?.rwp ?? 1
    }

    /// Scale, lattice and coordinates together; R with unit weights.
    func jointly(_ structure: ReducedStructure) throws -> RefinedStructure {
        try Task.checkCancellation()
        var model = PowderModel(
            phases: [.init(structure)], instrument: instrument, scatteringTable: scatteringTable,
            dispersion: dispersion)
        let calculated = try PowderCalculation(model, twoTheta: twoTheta).calculated
        let square = calculated.reduce(0) { $0 + $1 * $1 }
        guard square > 0 else { return RefinedStructure(structure: structure, rwp: 1) }
        model.phases[0].scale = zip(calculated, target).reduce(0) { $0 + $1.0 * $1.1 } / square
        var refinement = RietveldRefinement()
        refinement.iterations = 30
        refinement.convergence = 1e-6
        let result = try refinement(
            model, pattern: PowderPattern(twoTheta: twoTheta, intensity: target),
            weights: [Double](repeating: 1, count: target.count),
            free: ["scale"] + structure.parameters.map(\.name))
        return RefinedStructure(
            structure: result.model.phases[0].structure, rwp: result.statistics.rwp)
    }

    /// The best candidates refined, until one reaches `goal`.
    func jointly(_ candidates: [AtomSearch.Candidate], goal: Double) throws -> [RefinedStructure] {
        var results: [RefinedStructure] = []
        for candidate in candidates.prefix(3) {
            // What intensities alone leave is the cell's remaining error and more: a coarse sieve.
            guard candidate.rwp < (results.isEmpty ? 0.6 : 0.1) else { continue }
            let result = try exchanged(try jointly(candidate.structure), goal: goal)
            results += result
            if let last = result.last, last.rwp < goal { break }
        }
        return results
    }

    /// A structure that fits well and not perfectly may have elements of like scattering power in each other's places:
    /// every exchange that fits better is followed. The best comes last.
    private func exchanged(_ found: RefinedStructure, goal: Double) throws -> [RefinedStructure] {
        var chain = [found]
        while let last = chain.last, last.rwp >= goal, last.rwp < 0.02 {
            var best = last
            for trial in ElementExchange(last.structure).structures {
                let refined = try jointly(trial)
                if refined.rwp < best.rwp { best = refined }
                if refined.rwp < goal { break }
            }
            guard best.rwp < last.rwp * 0.999 else { break }
            chain.append(best)
        }
        return chain
    }
}

/// A cell after free intensities were fitted to the low angles.
struct FittedCell: Sendable {
    var lattice: LatticeParameters
    var rwp: Double
    /// How many reflections were at hand for it.
    var reflections: Int
}

struct RefinedStructure: Sendable {
    var structure: ReducedStructure
    var rwp: Double
}

extension LatticeParameters {
    func agrees(with other: LatticeParameters, within tolerance: Double) -> Bool {
        zip(values, other.values).allSatisfy { abs($0 - $1) < tolerance * abs($1) }
    }
}
