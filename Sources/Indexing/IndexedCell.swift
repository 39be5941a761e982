import Crystallography
import Foundation
import NumericalMethods

/// A lattice that explains the lines of a pattern.
public struct IndexedCell: Sendable {
    /// Its Bravais type.
    public let lattice: BravaisLattice
    /// The conventional cell, Å and degrees.
    public let cell: Lattice
    /// Shift of the scale that fits best, degrees 2θ, added to calculated angles.
    public let zero: Double
    /// Log-likelihood ratio of the lines against chance.
    public let score: Double
    /// That it is the right one of all that were found, or none is; from 0 to 1.
    public internal(set) var probability: Double
    /// M_N, F_N, absent lines.
    public let figures: FiguresOfMerit
    /// Indices of lines (from 0) that it leaves unexplained.
    public let unexplained: [Int]

    private let voronoiLengths: [Double]

    package init(
        lattice: BravaisLattice, cell: Lattice, zero: Double, score: Double, figures: FiguresOfMerit,
        unexplained: [Int]
    ) {
        (self.lattice, self.cell, self.zero, self.score) = (lattice, cell, zero, score)
        (self.figures, self.unexplained, probability) = (figures, unexplained, 0)
        voronoiLengths = lattice.reducedPrimitive(cell).voronoiLengths
    }

    /// The same lattice as one of a lower type, with all that is said of its lines.
    package func lowered(_ member: LowerMetrics.Member) -> IndexedCell {
        IndexedCell(
            lattice: member.lattice, cell: member.cell, zero: zero, score: score, figures: figures,
            unexplained: unexplained)
    }

    /// Å³ of the conventional cell.
    public var volume: Double { cell.volume }
    /// Å³ for each lattice point.
    public var primitiveVolume: Double { cell.volume / Double(lattice.pointsPerCell) }

    /// A Minkowski-reduced primitive basis: equal for equal lattices up to the order and sign of its vectors.
    public var reduced: Lattice { lattice.reducedPrimitive(cell) }

    /// Å⁻², ascending: the lines that it predicts up to a limit, with its own metric or a refined one.
    package func predictedQ(upTo limit: Double, refined: Lattice? = nil) -> [Double] {
        let g = (refined ?? cell).reciprocalMetric
        let metric = ReciprocalMetric(
            a: g[0, 0], b: g[1, 1], c: g[2, 2], bc: 2 * g[1, 2], ac: 2 * g[0, 2], ab: 2 * g[0, 1])
        return PredictedLines(lattice, metric, upTo: limit, most: 10_000)?.q.sorted() ?? []
    }

    /// Whether the primitive lattices agree in the lengths of their shortest vectors (a share), whatever their bases.
    package func isSameLattice(as other: IndexedCell, lengths: Double = 0.003) -> Bool {
        zip(voronoiLengths, other.voronoiLengths).allSatisfy { abs($0 / $1 - 1) < lengths }
    }
}

extension TrialLattice {
    /// A Minkowski-reduced primitive basis.
    package var reducedCell: Lattice { lattice.reducedPrimitive(metric.lattice) }

    /// Å.
    package var shortestTranslation: Double { reducedCell.voronoiLengths.first ?? 0 }
}

extension BravaisLattice {
    /// Of a conventional cell.
    fileprivate func reducedPrimitive(_ cell: Lattice) -> Lattice {
        LatticeReduction(Lattice(vectors: primitiveRows * cell.vectors)).lattice
    }

    /// Primitive vectors on the conventional ones, as rows (ITA A, table 1.5.1.1).
    private var primitiveRows: Matrix3 {
        switch centring {
        case .I: Matrix3(rows: SIMD3(-0.5, 0.5, 0.5), SIMD3(0.5, -0.5, 0.5), SIMD3(0.5, 0.5, -0.5))
        case .F: Matrix3(rows: SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0))
        case .C: Matrix3(rows: SIMD3(0.5, 0.5, 0), SIMD3(-0.5, 0.5, 0), SIMD3(0, 0, 1))
        case .R:
            (1.0 / 3) * Matrix3(rows: SIMD3(2, 1, 1), SIMD3(-1, 1, 1), SIMD3(-1, -2, 1))
        case .A, .B, .P: Matrix3.identity
        }
    }
}

extension Lattice {
    /// Å, ascending: of each of the seven classes of the lattice modulo its double the shortest vector. They do not depend on the
    /// basis, and tell lattices apart (Conway & Sloane, Proc. R. Soc. Lond. A 436 (1992) 55).
    ///
    /// - Precondition: the basis is Minkowski-reduced.
    var voronoiLengths: [Double] {
        let classes = (1..<8).map { SIMD3($0 & 1, ($0 >> 1) & 1, ($0 >> 2) & 1) }
        return classes.map { parity in
            // Of a reduced basis the shortest has coefficients of −1, 0 and 1.
            let signs = [SIMD3(1, 1, 1), SIMD3(1, 1, -1), SIMD3(1, -1, 1), SIMD3(-1, 1, 1)]
            return signs.map { cartesian(SIMD3<Double>(parity &* $0)).length }.min() ?? 0
        }.sorted()
    }
}
