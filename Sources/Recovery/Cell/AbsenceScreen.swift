import Crystallography
import Diffraction
import Parameterization
import Symmetry

/// Tells which groups' systematic absences a pattern allows in one cell: free intensities for the lines that a group
/// leaves must explain the pattern as well as those of all groups do.
package struct AbsenceScreen {
    /// A group that is left, and how many lines of the lattice its absences take away.
    package struct Survivor: Sendable {
        package let group: SpaceGroup
        package let absent: Int
    }

    let lattice: LatticeParameters
    /// The largest (sinθ/λ)² that a line in the pattern can have.
    let reciprocalLimit: Double
    /// How much worse than the best a fit may be…
    let slack: Double
    /// …and by what factor in any case.
    let factor: Double
    /// R of the best non-negative intensities of lines at Q = 1/d².
    let freeIntensityR: (_ q: [Double]) -> Double

    package init(
        _ lattice: LatticeParameters, reciprocalLimit: Double, slack: Double, factor: Double,
        freeIntensityR: @escaping ([Double]) -> Double
    ) {
        (self.lattice, self.reciprocalLimit) = (lattice, reciprocalLimit)
        (self.slack, self.factor) = (slack, factor)
        self.freeIntensityR = freeIntensityR
    }

    /// The groups that are left, in the order given.
    package func survivors(of groups: [SpaceGroup]) -> [Survivor] {
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
