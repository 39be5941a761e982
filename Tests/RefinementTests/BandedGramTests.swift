import Crystallography
import NumericalMethods
import Refinement
import Testing

@Suite("Gram matrices of profile columns") struct BandedGramTests {
    private static let points = 120

    /// Columns of positive numbers on stretches of the grid, in the order of their first point.
    private static func columns(_ seed: UInt64) throws -> [ProfileColumn] {
        let grid = (0..<points).map { 20 + 0.05 * Double($0) }
        var random = RandomStream(seed: seed)
        let radiation = Radiation(wavelength: 1.5)
        let profile = CellProfile(w: 0.01, radius: 4)
        return (0..<9).compactMap { _ in
            profile.column(q: random.uniform(0.06, 0.1), radiation: radiation, grid: grid)
        }.sorted { $0.start < $1.start }
    }

    private static func full(_ column: ProfileColumn) -> [Double] {
        var result = [Double](repeating: 0, count: points)
        for (k, value) in column.values.enumerated() { result[column.start + k] = value }
        return result
    }

    @Test(
        "every element is the weighted product of its two columns, beyond the band too",
        arguments: 1...5 as ClosedRange<UInt64>)
    func elements(seed: UInt64) throws {
        let columns = try Self.columns(seed)
        var random = RandomStream(seed: seed + 100)
        let weights = (0..<Self.points).map { _ in random.uniform(0.1, 2) }
        let gram = BandedGram(columns, weights: weights)
        let full = columns.map(Self.full)
        #expect(gram.count == columns.count && columns.count > 4)
        for i in columns.indices {
            for j in columns.indices {
                let wanted = weights.indices.reduce(0) { $0 + weights[$1] * full[i][$1] * full[j][$1] }
                #expect(abs(gram[i, j] - wanted) < 1e-10 * max(1, wanted))
            }
        }
    }

    @Test(
        "of the non-negative solution no coordinate can be moved to a lesser sum",
        arguments: 1...5 as ClosedRange<UInt64>)
    func nonNegative(seed: UInt64) throws {
        let columns = try Self.columns(seed)
        let weights = [Double](repeating: 1, count: Self.points)
        let gram = BandedGram(columns, weights: weights)
        var random = RandomStream(seed: seed + 200)
        let b = columns.indices.map { _ in random.uniform(-20, 60) }
        let x = gram.nonNegativeSolution(b, from: nil)
        let largest = b.map(abs).max() ?? 1
        for i in x.indices {
            let slope = x.indices.reduce(-b[i]) { $0 + gram[i, $1] * x[$1] }
            // Karush–Kuhn–Tucker: no slope where it is free, none downhill where it is at 0.
            #expect(x[i] >= 0)
            #expect(x[i] > 0 ? abs(slope) < 1e-5 * largest : slope > -1e-5 * largest)
        }
        let again = gram.nonNegativeSolution(b, from: x.map { 3 * $0 + 1 })
        for (first, second) in zip(x, again) { #expect(abs(first - second) < 1e-4 * max(1, first)) }
    }
}
