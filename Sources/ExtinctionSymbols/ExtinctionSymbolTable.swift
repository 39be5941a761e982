import Diffraction
import NumericalMethods
import Symmetry

/// The extinction symbols that a cell can have, derived from the operations of the settings on its axes.
package struct ExtinctionSymbolTable: Sendable {
    /// The axes that they stand on.
    package let axes: CellAxes
    /// Each with its lines; the fewest absences first.
    package let symbols: [ExtinctionSymbol]
    /// The bare lattice's group, without centring.
    let holohedralGroup: SpaceGroup
    private let rotations: [IntegerMatrix3]
    private let conditions: [ReflectionConditions]

    /// Indices up to here tell all conditions apart: the periods of screws and glides divide 4, on hexagonal axes 6.
    private static func reach(of family: CrystalFamily) -> Int { family == .hexagonal ? 12 : 8 }

    /// All symbols of the lattice's family and centrings on these axes.
    package init(_ axes: CellAxes) {
        self.axes = axes
        let identity = SpaceGroup(hallNumber: 1)
        guard let holohedral = axes.holohedralGroup ?? identity else { preconditionFailure("no table") }
        holohedralGroup = holohedral
        let proper = Set(holohedral.operations.map(\.rotation))
        let rotations = Array(proper.union(proper.map { -$0 }))
        self.rotations = rotations
        let settings = (1...530).compactMap { SpaceGroup(hallNumber: $0) }.filter(axes.admits)
        let orbits = Self.orbits(rotations, reach: Self.reach(of: axes.family))
        var classes: [[Bool]: [SpaceGroup]] = [:]
        for setting in settings {
            let conditions = ReflectionConditions(setting)
            classes[orbits.map { $0.isAbsent(under: conditions) }, default: []].append(setting)
        }
        let sorted = classes.sorted { a, b in
            let (x, y) = (a.key.count { $0 }, b.key.count { $0 })
            return x != y ? x < y : a.value[0].hallNumber < b.value[0].hallNumber
        }
        symbols = sorted.compactMap { ExtinctionSymbol($0.value) }
        conditions = symbols.map { ReflectionConditions($0.representative) }
    }

    /// Orbits of small indices, planes and rows among them.
    private static func orbits(_ rotations: [IntegerMatrix3], reach: Int) -> [PowderOrbit] {
        var seen: Set<SIMD3<Int>> = []
        var orbits: [PowderOrbit] = []
        for h in 0...reach {
            for k in -reach...reach {
                for l in -reach...reach where SIMD3(h, k, l) != .zero {
                    guard !seen.contains(SIMD3(h, k, l)) else { continue }
                    let orbit = PowderOrbit(of: SIMD3(h, k, l), under: rotations)
                    seen.formUnion(orbit.members)
                    orbits.append(orbit)
                }
            }
        }
        return orbits
    }

    /// Whether a setting stands on the table's axes.
    package func contains(_ setting: SpaceGroup) -> Bool { axes.admits(setting) }

    /// The line that a reflection belongs to.
    package func orbit(of h: SIMD3<Int>) -> PowderOrbit { PowderOrbit(of: h, under: rotations) }

    /// Share of a line's reflections that a symbol leaves: 0 where the line is absent.
    package func presentShare(of orbits: [PowderOrbit], under symbol: Int) -> Double {
        let present = orbits.reduce(0) { $0 + $1.present(under: conditions[symbol]) }
        return Double(present) / Double(orbits.reduce(0) { $0 + $1.members.count })
    }
}
