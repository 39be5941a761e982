import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Symmetry

/// Tells which groups' systematic absences a pattern allows in one cell: free intensities for the lines that a group
/// leaves must explain the pattern as well as those of all groups do.
struct AbsenceScreen {
    /// A group that is left, and how many lines of the lattice its absences take away.
    struct Survivor: Sendable {
        let group: SpaceGroup
        let absent: Int
    }

    let pattern: SimulatedPattern
    let lattice: LatticeParameters
    /// How much worse than the best a fit may be; half as bad again is allowed in any case.
    var slack = 0.003

    init(_ pattern: SimulatedPattern, _ lattice: LatticeParameters) {
        (self.pattern, self.lattice) = (pattern, lattice)
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
            fits[set] = pattern.freeIntensityR(q: set.map { lines[$0].q })
        }
        guard let best = fits.values.min() else { return [] }
        return zip(groups, present).compactMap { group, set in
            guard let r = fits[set], r < max(best + slack, best * 1.5) else { return nil }
            return Survivor(group: group, absent: lines.count - set.count)
        }
    }

    /// Reflections of the bare lattice, those at the same place together.
    private var lines: [(q: Double, members: [SIMD3<Int>])] {
        let metric = lattice.lattice.reciprocalMetric
        let all = ReflectionList(
            operations: [.identity], reciprocalMetric: metric, limit: pattern.reciprocalLimit
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
