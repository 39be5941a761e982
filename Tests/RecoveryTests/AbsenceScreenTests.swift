import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// Which groups are left where a pattern has exactly the lines of one group: those whose printed absences forbid none of them.
@Suite("Absences") struct AbsenceScreenTests {
    /// One line of a lattice: reflections at the same place.
    private struct Line {
        let q: Double
        var members: [SIMD3<Int>]
    }

    private static let limit = 0.03

    private static func lines(_ lattice: Lattice) -> [Line] {
        let metric = lattice.reciprocalMetric
        var all: [(q: Double, h: SIMD3<Int>)] = []
        for h in -4...4 {
            for k in -4...4 {
                for l in -4...4 where SIMD3(h, k, l) != .zero {
                    let q = ReflectionList.q(of: SIMD3(h, k, l), reciprocalMetric: metric)
                    if q <= limit { all.append((4 * q, SIMD3(h, k, l))) }
                }
            }
        }
        var lines: [Line] = []
        for (q, h) in all.sorted(by: { $0.q < $1.q }) {
            if let last = lines.last, q - last.q < 1e-9 * q {
                lines[lines.count - 1].members.append(h)
            } else {
                lines.append(Line(q: q, members: [h]))
            }
        }
        return lines
    }

    private static func present(_ lines: [Line], in group: SpaceGroup) -> [Int] {
        let conditions = ReflectionConditions(group)
        return lines.indices.filter { lines[$0].members.contains { !conditions.isAbsent($0) } }
    }

    @Test(
        "of all groups of the family those are left that forbid no line, and they say how many of the lattice's they forbid"
    )
    func conditions() throws {
        let step = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == nil ? 23 : 1
        let general = Lattice(a: 5.13, b: 6.31, c: 7.72, alpha: 81, beta: 97, gamma: 103)
        for hall in stride(from: 1, through: 530, by: step) {
            let group = try #require(SpaceGroup(hallNumber: hall))
            let lattice = LatticeParameters(of: general, in: group)
            let lines = Self.lines(lattice.lattice)
            let truth = Self.present(lines, in: group)
            let places = truth.map { lines[$0].q }
            let screen = AbsenceScreen(lattice, reciprocalLimit: Self.limit, slack: 0.003, factor: 1.04) {
                q in
                let missing = places.filter { place in !q.contains { abs($0 - place) < 1e-9 * place } }
                return (Double(missing.count) / Double(max(1, places.count))).squareRoot()
            }
            let rivals = [group] + group.crystalFamily.spaceGroups
            let left = screen.survivors(of: rivals)
            let expected = rivals.filter { Set(truth).isSubset(of: Self.present(lines, in: $0)) }
            #expect(left.map(\.group) == expected, "\(group.symbol)")
            for survivor in left {
                let count = lines.count - Self.present(lines, in: survivor.group).count
                #expect(survivor.absent == count, "\(group.symbol): \(survivor.group.symbol)")
            }
        }
    }

    @Test("what costs no more than the slack, or the factor, is left; what costs more is not")
    func limits() throws {
        let lattice = LatticeParameters(
            of: Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 90, gamma: 90), in: try SpaceGroup.find("P m m m"))
        let groups = [try SpaceGroup.find("P m m m"), try SpaceGroup.find("P n m a")]
        func left(_ worse: Double, slack: Double, factor: Double) -> Int {
            var most = 0
            let screen = AbsenceScreen(lattice, reciprocalLimit: 0.05, slack: slack, factor: factor) { q in
                most = max(most, q.count)
                return q.count == most ? 0.1 : worse
            }
            return screen.survivors(of: groups).count
        }
        #expect(left(0.102, slack: 0.003, factor: 1) == 2)
        #expect(left(0.104, slack: 0.003, factor: 1) == 1)
        #expect(left(0.104, slack: 0, factor: 1.05) == 2)
        #expect(left(0.106, slack: 0, factor: 1.05) == 1)
    }
}
