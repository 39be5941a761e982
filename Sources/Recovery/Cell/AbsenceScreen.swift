import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Tells which groups' systematic absences a pattern allows in one cell: free intensities for the lines that a group
/// leaves must explain the pattern as well as those of all groups do.
struct AbsenceScreen {
    /// A group that is left, and how many lines of the lattice its absences take away.
    struct Survivor: Sendable {
        let group: SpaceGroup
        let absent: Int
    }

    let lattice: LatticeParameters
    /// The largest (sinθ/λ)² that a line in the pattern can have.
    let reciprocalLimit: Double
    /// How much worse than the best a fit may be…
    var slack = 0.003
    /// …and by what factor in any case.
    var factor = 1.5
    /// R of the best non-negative intensities of lines at Q = 1/d².
    let freeIntensityR: (_ q: [Double]) -> Double

    init(_ pattern: SimulatedPattern, _ lattice: LatticeParameters) {
        self.lattice = lattice
        reciprocalLimit = pattern.reciprocalLimit
        freeIntensityR = pattern.freeIntensityR
    }

    init(
        _ lattice: LatticeParameters, reciprocalLimit: Double, slack: Double, factor: Double,
        freeIntensityR: @escaping ([Double]) -> Double
    ) {
        (self.lattice, self.reciprocalLimit) = (lattice, reciprocalLimit)
        (self.slack, self.factor) = (slack, factor)
        self.freeIntensityR = freeIntensityR
    }

    /// √(Σw(y − ŷ)²/Σwy²) with the best non-negative intensities of the lines whose profiles are `columns`.
    static func unexplained(_ columns: [ProfileColumn], of net: [Double], weights: [Double]) -> Double {
        let columns = columns.sorted { $0.start < $1.start }
        guard !columns.isEmpty else { return 1 }
        let projected = columns.map { $0.projection(of: net, weights: weights) }
        let solution = BandedGram(columns, weights: weights).nonNegativeSolution(projected, from: nil)
        var rest = net
        for (column, value) in zip(columns, solution) where value > 0 {
            for i in column.values.indices { rest[column.start + i] -= value * column.values[i] }
        }
        func square(_ y: [Double]) -> Double { zip(y, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 } }
        return (square(rest) / max(square(net), 1e-300)).squareRoot()
    }

    /// The groups that are left, in the order given.
    func callAsFunction(_ groups: [SpaceGroup]) -> [Survivor] {
        guard groups.count > 1 else { return groups.map { Survivor(group: $0, absent: 0) } }
        let lines = lines
        let present = groups.map { group in
            lines.indices.filter { line in
                lines[line].members.contains { !ReflectionList.isAbsent($0, under: group.operations) }
            }
        }
        var fits: [[Int]: Double] = [:]
        for set in present where fits[set] == nil {
            fits[set] = freeIntensityR(set.map { lines[$0].q })
        }
        guard let best = fits.values.min() else { return [] }
        return zip(groups, present).compactMap { group, set in
            guard let r = fits[set], r < max(best + slack, best * factor) else { return nil }
            return Survivor(group: group, absent: lines.count - set.count)
        }
    }

    /// Reflections of the bare lattice, those at the same place together.
    private var lines: [(q: Double, members: [SIMD3<Int>])] {
        let metric = lattice.lattice.reciprocalMetric
        let all = ReflectionList(
            operations: [.identity], reciprocalMetric: metric, limit: reciprocalLimit
        ).indices.map { (q: 4 * ReflectionList.q(of: $0, reciprocalMetric: metric), h: $0) }.sorted {
            $0.q < $1.q
        }
        var lines: [(q: Double, members: [SIMD3<Int>])] = []
        for (q, h) in all {
            if let last = lines.last, q - last.q < 1e-9 * q {
                lines[lines.count - 1].members.append(h)
            } else {
                lines.append((q, [h]))
            }
        }
        return lines
    }
}
