import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement

/// Free intensities of all lines of a cell that may be slightly off: from low angles on, each stage beginning where the one
/// before ended, the background between the lines corrected as it goes.
struct StagedPawleyFit {
    let table: ExtinctionSymbolTable
    let settings: ExtinctionSettings

    /// A fit of free intensities, and the lines in it.
    struct Fit {
        var result: PawleyFit.Result
        var data: PawleyFit.Data
        var orbits: [PowderOrbit]
    }

    /// Fewer lines tell nothing of absences.
    static let leastLines = 3

    /// - Parameters:
    ///   - width: typical FWHM, degrees 2θ.
    ///   - zero: degrees 2θ.
    /// - Throws: `ExtinctionError.tooFewLines`, `CancellationError`.
    func callAsFunction(_ given: PawleyFit.Data, width: Double, zero: Double) throws -> Fit {
        let data = Background(given, spacing: settings.knotSpacing).lowered(given)
        let lattice = LatticeParameters(of: table.axes.cell, in: table.holohedralGroup)
        let profile = CellProfile(w: width * width, zero: zero)
        let all = try orbits(lattice.lattice, data)
        guard all.count >= Self.leastLines else { throw ExtinctionError.tooFewLines(all.count) }
        let stages = stages(all, data, lattice, profile)
        // A cell that is off needs the low angles first; one that is right is best served by all of them at once, since few
        // lines tell cell and zero badly apart.
        let ways = stages.count > 1 ? [stages, stages.suffix(1)] : [stages]
        let fits = try ways.compactMap { try fit(data, lattice, profile, stages: Array($0)) }
        let near = fits.filter { isNear($0.result.lattice, lattice) }
        guard let best = (near.isEmpty ? fits : near).min(by: { $0.result.rwp < $1.result.rwp }) else {
            throw ExtinctionError.tooFewLines(all.count)
        }
        // Once more above what the lines leave between them.
        let lowered = Background(best.data, best.result, spacing: settings.knotSpacing).lowered(best.data)
        let result = PawleyFit()(
            lowered, reflections: best.orbits.map(\.index), lattice: best.result.lattice,
            profile: best.result.profile)
        return Fit(result: result, data: lowered, orbits: best.orbits)
    }

    private func isNear(_ a: LatticeParameters, _ b: LatticeParameters) -> Bool {
        zip(a.values, b.values).allSatisfy { abs($0 - $1) < settings.cellTolerance * abs($1) }
    }

    /// Stage after stage; the zero shift is held in the first of several, where the cell can take its place.
    private func fit(
        _ data: PawleyFit.Data, _ start: LatticeParameters, _ profile: CellProfile, stages: [Int]
    ) throws -> Fit? {
        var (lattice, profile) = (start, profile)
        var fit: Fit?
        for (number, count) in stages.enumerated() {
            try WorkLimit.check()
            let stage = try part(data, lattice.lattice, profile, lines: count)
            for refinesWidths in [false, true] {
                var pawley = PawleyFit()
                pawley.refinesWidths = refinesWidths
                pawley.refinesZero = number > 0 || stages.count == 1
                let result = pawley(
                    stage.data, reflections: stage.orbits.map(\.index), lattice: lattice, profile: profile)
                (lattice, profile) = (result.lattice, result.profile)
                fit = Fit(result: result, data: stage.data, orbits: stage.orbits)
            }
        }
        return fit
    }

    /// Numbers of lines to which the stages reach: the first until enough of them are seen for the cell's parameters, then
    /// twice as far each time.
    private func stages(
        _ orbits: [PowderOrbit], _ data: PawleyFit.Data, _ lattice: LatticeParameters, _ profile: CellProfile
    ) -> [Int] {
        let last = min(orbits.count, settings.mostLines)
        let wanted = settings.seenLines * lattice.names.count
        var seen = 0
        var first = last
        for (k, orbit) in orbits.enumerated() where isSeen(orbit, data, lattice.lattice, profile) {
            seen += 1
            if seen == wanted {
                first = min(last, k + 1)
                break
            }
        }
        var stages: [Int] = []
        while first < last {
            stages.append(first)
            first *= 2
        }
        return stages + [last]
    }

    /// Whether the points around a line's place stand out of their noise.
    private func isSeen(
        _ orbit: PowderOrbit, _ data: PawleyFit.Data, _ lattice: Lattice, _ profile: CellProfile
    ) -> Bool {
        let q = 4 * ReflectionList.q(of: orbit.index, reciprocalMetric: lattice.reciprocalMetric)
        guard let column = profile.column(q: q, radiation: data.radiation, grid: data.twoTheta) else {
            return false
        }
        let norm = zip(column.values.indices, column.values).reduce(0) {
            $0 + data.weights[column.start + $1.0] * $1.1 * $1.1
        }
        let intensity = column.projection(of: data.net, weights: data.weights)
        return intensity > settings.seenFrom * norm.squareRoot()
    }

    /// The low angles up to a line.
    private func part(
        _ data: PawleyFit.Data, _ lattice: Lattice, _ profile: CellProfile, lines: Int
    ) throws -> (data: PawleyFit.Data, orbits: [PowderOrbit]) {
        let all = try orbits(lattice, data)
        guard all.count > lines else { return (data, all) }
        let q = 4 * ReflectionList.q(of: all[lines].index, reciprocalMetric: lattice.reciprocalMetric)
        let s = min(1, data.radiation.wavelength * q.squareRoot() / 2)
        return (data.below(2 * asin(s) * 180 / .pi + profile.zero), Array(all.prefix(lines)))
    }

    /// Lines that some symbol leaves, in the order of Q.
    private func orbits(_ lattice: Lattice, _ data: PawleyFit.Data) throws -> [PowderOrbit] {
        let s = sin((data.twoTheta.last ?? 0) * .pi / 360) / data.radiation.shortestWavelength
        let metric = lattice.reciprocalMetric
        try ReflectionList.check(reciprocalMetric: metric, limit: s * s)
        let list = ReflectionList(
            operations: table.holohedralGroup.operations, reciprocalMetric: metric, limit: s * s)
        let orbits = list.indices.map { table.orbit(of: $0) }.filter { orbit in
            table.symbols.indices.contains { table.presentShare(of: [orbit], under: $0) > 0 }
        }
        return orbits.map { (ReflectionList.q(of: $0.index, reciprocalMetric: metric), $0) }
            .sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// What stands between the lines above the background that was taken off: least squares of hat functions.
private struct Background {
    private let values: [Double]

    /// Standard deviations of noise that a point between the lines stays below.
    private static let quiet = 3.0

    /// Before anything is fitted: points that are noise about the background. One that was found by clipping lies below it.
    init(_ data: PawleyFit.Data, spacing: Double) {
        let weights = data.net.indices.map { i in
            data.weights[i] * data.net[i] * data.net[i] < Self.quiet * Self.quiet ? data.weights[i] : 0
        }
        self.init(data.net, weights: weights, data.twoTheta, spacing: spacing)
    }

    /// Beside a fit: of what it leaves.
    init(_ data: PawleyFit.Data, _ fit: PawleyFit.Result, spacing: Double) {
        let residual = zip(data.net, fit.calculated).map { $0 - $1 }
        let weights = data.net.indices.map { i in
            data.weights[i] * residual[i] * residual[i] < Self.quiet * Self.quiet ? data.weights[i] : 0
        }
        self.init(residual, weights: weights, data.twoTheta, spacing: spacing)
    }

    private init(_ rest: [Double], weights: [Double], _ grid: [Double], spacing: Double) {
        let left = BackgroundKnots(grid, spacing: spacing).removed(from: rest, weights: weights)
        values = zip(rest, left).map { $0 - $1 }
    }

    func lowered(_ data: PawleyFit.Data) -> PawleyFit.Data {
        var data = data
        data.net = zip(data.net, values).map { $0 - $1 }
        return data
    }
}
