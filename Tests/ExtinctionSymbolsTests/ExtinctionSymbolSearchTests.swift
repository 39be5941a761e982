import Crystallography
import Diffraction
import ExtinctionSymbols
import Foundation
import NumericalMethods
import Refinement
import Symmetry
import Testing

/// Reaches `StagedPawleyFit`, `ExtinctionRanking`, `LineBlocks`, `ResidualVariance`, `BackgroundKnots`.
@Suite struct ExtinctionSymbolSearchTests {
    /// Patterns of known absences, each line's intensity drawn from Wilson's distribution, with Poisson-like noise: the symbol
    /// that made them comes first, from a cell that is off by 0.1 % and a zero shift. In a cubic pattern 333 and 511 stand at
    /// one place.
    @Test(arguments: [
        ("F m -3 m", [9.0, 9, 9, 90, 90, 90], "F - - -"), ("I a -3 d", [12, 12, 12, 90, 90, 90], "I a - d"),
        ("P 21 21 21", [5.1, 7.3, 9.2, 90, 90, 90], "P 21 21 21"),
        ("P n m a", [8.5, 5.4, 7.0, 90, 90, 90], "P n - a"),
        ("P 1 21/c 1", [5.6, 7.1, 6.4, 90, 102, 90], "P 1 21/c 1"),
        ("R -3 c", [5, 5, 13.2, 90, 90, 120], "R - c"),
        ("P 42/m n m", [4.6, 4.6, 2.96, 90, 90, 90], "P - n -"),
    ])
    func theSymbolThatMadeAPatternComesFirst(_ group: String, _ cell: [Double], _ text: String) throws {
        let spaceGroup = try SpaceGroup.find(group)
        let data = Self.pattern(spaceGroup, Self.lattice(cell), seed: 7)
        let given = Self.lattice((0..<3).map { 1.001 * cell[$0] } + cell[3...])
        let ranking = try ExtinctionSymbolSearch().rank(data, axes: CellAxes(given), width: 0.12)
        let best = try #require(ranking.best)
        #expect(best.symbol.text == text, "\(ranking.entries.prefix(3).map { ($0.symbol, $0.probability) })")
        #expect(best.symbol.spaceGroups.contains { $0.number == spaceGroup.number })
        #expect(abs(ranking.lattice.lattice.lengths.x - cell[0]) < 3e-4 * cell[0])
        #expect(abs(ranking.entries.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    }

    /// Of a lattice that has one symbol only the answer is certain.
    @Test func aTriclinicCellHasOneSymbol() throws {
        let lattice = Self.lattice([4.1, 5.2, 6.3, 81, 95, 103])
        let data = Self.pattern(try SpaceGroup.find("P -1"), lattice, seed: 1)
        let ranking = try ExtinctionSymbolSearch().rank(data, axes: CellAxes(lattice), width: 0.12)
        #expect(ranking.entries.map(\.symbol.text) == ["P -"])
        #expect(ranking.best?.probability == 1)
    }

    private static func lattice(_ cell: [Double]) -> Lattice {
        Lattice(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
    }

    /// Net counts and their weights, Cu Kα1, 10–80°.
    private static func pattern(_ group: SpaceGroup, _ lattice: Lattice, seed: UInt64) -> PawleyFit.Data {
        let radiation = Radiation(wavelength: 1.5405929)
        let grid = stride(from: 10, to: 80, by: 0.02).map { $0 }
        let metric = lattice.reciprocalMetric
        let s = sin(40 * Double.pi / 180) / 1.5405929
        let list = ReflectionList(operations: group.operations, reciprocalMetric: metric, limit: s * s)
        let profile = CellProfile(w: 0.0144, zero: 0.02)
        var random = RandomStream(seed: seed)
        var counts = [Double](repeating: 0, count: grid.count)
        for (h, multiplicity) in zip(list.indices, list.multiplicities) {
            let q = 4 * ReflectionList.q(of: h, reciprocalMetric: metric)
            let intensity = -log(1 - random.uniform()) * Double(multiplicity)
            guard let column = profile.column(q: q, radiation: radiation, grid: grid) else { continue }
            for i in column.values.indices { counts[column.start + i] += intensity * column.values[i] }
        }
        let scale = 10_000 / (counts.max() ?? 1)
        let background = 100.0
        let noisy = counts.map { y in
            let expected = scale * y + background
            return expected + expected.squareRoot() * random.normal()
        }
        return PawleyFit.Data(
            twoTheta: grid, net: noisy.map { $0 - background }, weights: noisy.map { 1 / max($0, 1) },
            radiation: radiation)
    }
}
