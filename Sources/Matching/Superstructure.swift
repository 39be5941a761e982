import Crystallography
import NumericalMethods
import Symmetry

/// What a crystal has beyond its averaged primitive cell: how far each atom deviates from the mean, cell by cell.
package struct Superstructure: Sendable {
    /// The crystal's own periods on the primitive vectors.
    package let periods: TranslationBasis
    /// By site and cell of a period, in fractions of the primitive vectors; the mean over the cells is zero.
    package let deviations: [[SIMD3<Double>]]
    /// √⟨d²⟩ in Å.
    package let rms: Double

    /// - Parameter rounding: Å; smaller deviations are none.
    /// - Returns: nil where the averaged cell is all that there is.
    package init?(
        of structure: CrystalStructure, averaged reduction: PrimitiveReduction,
        rounding: Double = MatchSettings().superstructure
    ) {
        let primitive = reduction.structure
        guard structure.sites.count > primitive.sites.count else { return nil }
        let cell = structure.lattice.vectors * primitive.lattice.vectors.inverse
        guard cell.frobeniusNorm < 1e6 else { return nil }
        let rows = (0..<3).map { SIMD3<Int>(cell[$0].rounded(.toNearestOrEven)) }
        guard IntegerMatrix3(rows: rows[0], rows[1], rows[2]).determinant != 0 else { return nil }
        periods = TranslationBasis(generatedBy: rows)
        let count = periods.rows.determinant
        let toPrimitive = cell.transpose
        var deviations: [[SIMD3<Double>]] = []
        var (sum, largest) = (0.0, 0.0)
        for (site, sources) in zip(primitive.sites, reduction.sources) {
            var ofCells = [SIMD3<Double>?](repeating: nil, count: count)
            for atom in sources {
                let difference = toPrimitive * structure.sites[atom].position - site.position
                let whole = difference.rounded(.toNearestOrEven)
                ofCells[periods.index(of: SIMD3<Int>(whole))] = difference - whole
                let square = (primitive.lattice.cartesian(difference - whole)).dot(
                    primitive.lattice.cartesian(difference - whole))
                (sum, largest) = (sum + square, max(largest, square))
            }
            let complete = ofCells.compactMap { $0 }
            guard complete.count == count else { return nil }
            deviations.append(complete)
        }
        guard largest.squareRoot() > rounding else { return nil }
        self.deviations = deviations
        rms = (sum / Double(structure.sites.count)).squareRoot()
    }
}

/// Two crystals that are laid on one another by their averaged cells, with what each has beyond it.
struct SuperstructurePair: Sendable {
    let first: Superstructure?
    let second: Superstructure?

    /// An alignment of the averaged cells.
    struct Averaged {
        /// From the first's to the second's primitive coordinates: x' = change · x.
        let change: IntegerMatrix3
        let metric: PeriodicMetric
        /// The first's sites in the second's coordinates, before the shift.
        let firstPositions: [SIMD3<Double>]
        let secondPositions: [SIMD3<Double>]
        let alignment: SiteAlignment.Result
    }

    struct Distance {
        /// Å, at the phase of least rms.
        var rms: Double
        var maximum: Double
        /// Å, the least over the phases.
        var leastMaximum: Double
        /// Primitive cells in the common superstructure.
        var cells: Int
    }

    init?(_ first: Superstructure?, _ second: Superstructure?) {
        guard first != nil || second != nil else { return nil }
        (self.first, self.second) = (first, second)
    }

    /// How much the mean square (Å²) can change by the phase of one superstructure against the other.
    var freedom: Double { 4 * (first?.rms ?? 0) * (second?.rms ?? 0) }

    /// Å; no phase comes to less where the averaged cells are laid on one another with an rms.
    ///
    /// - Parameter change: from the first's to the second's primitive coordinates.
    func leastRMS(beside rms: Double, _ change: Matrix3, _ metric: PeriodicMetric) -> Double {
        // Deviations have the mean zero, so that one superstructure adds its own mean square; two may go together.
        guard (first == nil) != (second == nil) else { return rms }
        let vectors = first == nil ? metric.vectors : change.transpose * metric.vectors
        var (sum, number) = (0.0, 0)
        for cells in (first ?? second)?.deviations ?? [] {
            for deviation in cells {
                let v = deviation * vectors
                (sum, number) = (sum + v.dot(v), number + 1)
            }
        }
        return (rms * rms + sum / Double(max(1, number))).squareRoot()
    }

    /// Of the common superstructure.
    private func periods(_ change: IntegerMatrix3) -> TranslationBasis {
        let moved = first.map { first in
            TranslationBasis(generatedBy: (0..<3).map { change * first.periods.rows[$0] })
        }
        switch (moved, second?.periods) {
        case (let a?, let b?): return a.intersection(b)
        case (let a?, nil): return a
        case (nil, let b?): return b
        case (nil, nil): return TranslationBasis(generatedBy: Self.unit)
        }
    }

    private static let unit = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]

    /// The displacements of all atoms in the common cell, at the best of the phases that the lattices leave open.
    func distance(_ averaged: Averaged) -> Distance {
        let back = averaged.change.inverse ?? .identity
        let cells = periods(averaged.change).cells
        let vectors = averaged.metric.vectors
        let change = Matrix3(averaged.change)
        let ofFirst = first?.deviations.map { $0.map { (change * $0) * vectors } }
        let ofSecond = second?.deviations.map { $0.map { $0 * vectors } }
        let cellsOfFirst = cells.map { first?.periods.index(of: back * $0) ?? 0 }
        // The vector from each shifted site to its partner, and the cell in which that stands.
        let pairs = averaged.firstPositions.indices.map { site in
            let partner = averaged.alignment.partners[site]
            let difference =
                averaged.secondPositions[partner] - averaged.firstPositions[site] - averaged.alignment.shift
            let vector = averaged.metric.shortest(difference)
            let cell = (vector * vectors.inverse - difference).rounded(.toNearestOrEven)
            return (vector: vector, partner: partner, cell: SIMD3<Int>(cell))
        }
        var best = Distance(
            rms: .infinity, maximum: .infinity, leastMaximum: .infinity, cells: cells.count)
        for phase in phases(averaged.change) {
            var (sum, maximum) = (0.0, 0.0)
            for (site, pair) in pairs.enumerated() {
                for (cell, number) in zip(cells, cellsOfFirst) {
                    var v = pair.vector
                    if let ofFirst { v -= ofFirst[site][number] }
                    if let ofSecond, let second {
                        v += ofSecond[pair.partner][second.periods.index(of: cell &+ pair.cell &+ phase)]
                    }
                    let square = v.dot(v)
                    (sum, maximum) = (sum + square, max(maximum, square))
                }
            }
            let rms = (sum / Double(pairs.count * cells.count)).squareRoot()
            let largest = maximum.squareRoot()
            if rms < best.rms - 1e-12 { (best.rms, best.maximum) = (rms, largest) }
            best.leastMaximum = min(best.leastMaximum, largest)
        }
        return best
    }

    /// Lattice vectors by which one superstructure may be shifted against the other.
    private func phases(_ change: IntegerMatrix3) -> [SIMD3<Int>] {
        guard let first, let second else { return [.zero] }
        let moved = TranslationBasis(generatedBy: (0..<3).map { change * first.periods.rows[$0] })
        let sum = TranslationBasis(
            generatedBy: (0..<3).map { moved.rows[$0] } + (0..<3).map { second.periods.rows[$0] })
        return sum.cells
    }
}
