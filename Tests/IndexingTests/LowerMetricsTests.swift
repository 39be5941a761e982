import Crystallography
import NumericalMethods
import Symmetry
import Testing

import Indexing

/// Law: a lattice described by a lower type has the same points and the lower type's metric, and every chain ends in the triclinic one.
@Suite struct LowerMetricsTests {
    private func cell(_ lattice: BravaisLattice) -> Lattice {
        switch lattice.family {
        case .cubic: Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90)
        case .hexagonal: Lattice(a: 5, b: 5, c: 9, alpha: 90, beta: 90, gamma: 120)
        case .tetragonal: Lattice(a: 5, b: 5, c: 8, alpha: 90, beta: 90, gamma: 90)
        case .orthorhombic: Lattice(a: 5, b: 6.5, c: 8, alpha: 90, beta: 90, gamma: 90)
        case .monoclinic: Lattice(a: 5, b: 6.5, c: 8, alpha: 90, beta: 104, gamma: 90)
        case .triclinic: Lattice(a: 5, b: 6.5, c: 8, alpha: 80, beta: 104, gamma: 97)
        }
    }

    /// Centring translations on the axes of the cell.
    private func points(_ lattice: BravaisLattice) -> [SIMD3<Double>] {
        lattice.centring.vectors.map { SIMD3<Double>($0) / Double(SymmetryOperation.denominator) }
    }

    private func isPoint(_ v: SIMD3<Double>, of lattice: BravaisLattice) -> Bool {
        points(lattice).contains { point in
            let d = v - point
            return (0..<3).allSatisfy { abs(d[$0] - d[$0].rounded()) < 1e-9 }
        }
    }

    @Test(arguments: BravaisLattice.allCases)
    func pointsAreTheSame(lattice: BravaisLattice) {
        for (lower, rows) in LowerMetrics.bases(of: lattice) {
            #expect(lower.holohedryOrder < lattice.holohedryOrder)
            // On the lattice's own axes the lower type's translations are lattice points, and there are as many in a volume.
            let vectors = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0)] + points(lower)
            for v in vectors { #expect(isPoint(v * rows, of: lattice), "\(lattice) → \(lower)") }
            let density = Double(lower.pointsPerCell) / abs(rows.determinant)
            #expect(abs(density - Double(lattice.pointsPerCell)) < 1e-9)
            #expect(rows.determinant > 0)
        }
    }

    @Test(arguments: BravaisLattice.allCases)
    func metricsAreTheLowerTypes(lattice: BravaisLattice) {
        var exact = LowerMetrics()
        exact.strain = (0, 0)
        for member in exact.members(of: lattice, cell(lattice)) {
            let (l, angles) = (member.cell.lengths, member.cell.angles)
            func isRight(_ k: Int) -> Bool { abs(angles[k] - 90) < 1e-6 }
            switch member.lattice.family {
            case .cubic: Issue.record("no type is lower than the cubic one and cubic")
            case .hexagonal:
                #expect(abs(l.x - l.y) < 1e-9 && isRight(0) && isRight(1) && abs(angles.z - 120) < 1e-6)
            case .tetragonal: #expect(abs(l.x - l.y) < 1e-9 && isRight(0) && isRight(1) && isRight(2))
            case .orthorhombic: #expect(isRight(0) && isRight(1) && isRight(2))
            case .monoclinic: #expect(isRight(0) && isRight(2))
            case .triclinic: break
            }
            // The same reduced cell: nothing but the description changed.
            #expect(
                abs(
                    member.cell.volume / Double(member.lattice.pointsPerCell)
                        - cell(lattice).volume / Double(lattice.pointsPerCell)) < 1e-6)
        }
    }

    @Test func everyChainEndsInTheTriclinicLattice() {
        for lattice in BravaisLattice.allCases {
            var left = [lattice]
            var ends: Set<BravaisLattice> = []
            while let next = left.popLast() {
                let lower = LowerMetrics.bases(of: next).map(\.lattice)
                if lower.isEmpty { ends.insert(next) }
                left += lower
            }
            #expect(ends == [.aP])
        }
    }

    @Test func linesThatFellTogetherAreToldApart() throws {
        let member = try #require(LowerMetrics().members(of: .oP, cell(.oP)).first)
        #expect(member.lattice == .mP && abs(member.cell.angles.y - 90.1) < 1e-9)
        let quarter = try #require(LowerMetrics().members(of: .tP, cell(.tP)).first)
        #expect(quarter.lattice == .oP && quarter.cell.lengths.x > quarter.cell.lengths.y)
    }

    /// Lines, figures and score are the lattice's own.
    @Test func aLoweredLatticeKeepsWhatIsSaidOfItsLines() throws {
        let trial = try #require(TrialLattice(.oP, cell: cell(.oP)))
        let figures = FiguresOfMerit(trial, [], tolerance: 3, most: 100)
        let own = IndexedCell(
            lattice: .oP, cell: cell(.oP), zero: 0.01, score: 12, figures: figures, unexplained: [3])
        let member = try #require(LowerMetrics().members(of: .oP, own.cell).first)
        let lowered = own.lowered(member)
        #expect(lowered.lattice == .mP && lowered.cell == member.cell)
        #expect(
            lowered.zero == own.zero && lowered.score == own.score && lowered.unexplained == own.unexplained)
    }
}
