import Crystallography
import Foundation
import Indexing
import NumericalMethods
import Testing

@Suite("IndexedCell") struct IndexedCellTests {
    /// The first cell of the lines of a primitive orthorhombic lattice.
    private static func indexed() async throws -> IndexedCell {
        let g = Lattice(a: 8.48, b: 5.398, c: 6.959, alpha: 90, beta: 90, gamma: 90).reciprocalMetric
        var values: Set<Double> = []
        for h in 0...5 {
            for k in 0...5 {
                for l in 0...5 where h + k + l > 0 {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    values.insert((index * (g * index)).sum())
                }
            }
        }
        let lines = values.sorted().prefix(20).map {
            IndexingLine(
                twoTheta: 2 * asin($0.squareRoot() * 1.5406 / 2) * 180 / .pi, sigma: 0.01, wavelength: 1.5406)
        }
        var indexing = Indexing()
        indexing.lattices = [.oP]
        return try #require(try await indexing.index(lines).first)
    }

    @Test("it predicts its lines in rising order, and those of a refined metric where one is given")
    func prediction() async throws {
        let cell = try await Self.indexed()
        let predicted = cell.predictedQ(upTo: 0.2)
        #expect(predicted == predicted.sorted() && (predicted.last ?? 1) <= 0.2)
        let shortest = 1 / (cell.cell.lengths.max() * cell.cell.lengths.max())
        #expect(abs((predicted.first ?? 0) / shortest - 1) < 1e-6)
        let wider = Lattice(
            a: 1.01 * cell.cell.lengths.x, b: 1.01 * cell.cell.lengths.y, c: 1.01 * cell.cell.lengths.z,
            alpha: 90, beta: 90, gamma: 90)
        let moved = cell.predictedQ(upTo: 0.2, refined: wider)
        #expect(abs((moved.first ?? 0) * 1.0201 / shortest - 1) < 1e-6)
    }

    @Test("it is the same lattice as itself, and the volume for a point is that of the reduced basis")
    func sameness() async throws {
        let cell = try await Self.indexed()
        #expect(cell.isSameLattice(as: cell))
        #expect(abs(cell.reduced.volume / cell.primitiveVolume - 1) < 1e-9)
        #expect(abs(cell.volume - 8.48 * 5.398 * 6.959) < 0.05)
    }

    @Test(
        "a lattice with its axes named otherwise is the same, where its reduced bases tie, too; a strained one is not"
    )
    func renamedAxes() throws {
        func cell(_ a: Double, _ b: Double, _ c: Double) throws -> IndexedCell {
            let lattice = Lattice(a: a, b: b, c: c, alpha: 90, beta: 90, gamma: 90)
            let trial = try #require(TrialLattice(.oI, cell: lattice))
            return IndexedCell(
                lattice: .oI, cell: lattice, zero: 0, score: 1,
                figures: FiguresOfMerit(trial, [], tolerance: 3, most: 10), unexplained: [])
        }
        let known = try cell(3.447, 4.673, 7.147)
        #expect(try known.isSameLattice(as: cell(7.147, 4.673, 3.447)))
        #expect(try known.isSameLattice(as: cell(4.673, 7.147, 3.447)))
        #expect(try !known.isSameLattice(as: cell(3.447, 4.7, 7.147)))
    }
}
