import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// The search behind `StructureMatch`: over two averaged primitive cells of equal content, with what each crystal has
/// beyond its own; or over one cell and the supercells of a smaller one.
package struct MatchSearch {
    private let first: Lattice
    private let second: Lattice
    private let firstPositions: [SIMD3<Double>]
    private let secondPositions: [SIMD3<Double>]
    private let alignment: SiteAlignment
    private let target: SiteAlignment.Target
    private let superstructures: SuperstructurePair?
    /// Cells of the first in one of the second.
    private let copies: Int
    /// Atoms of the second cell.
    package let count: Int
    /// (V/N)^⅓ in Å, of the geometric mean of the volumes.
    package let unit: Double
    private let settings: MatchSettings

    package init?(_ first: MatchCandidate, _ second: MatchCandidate, _ tolerances: MatchTolerances) {
        var (a, b) = (first, second)
        let looser = tolerances.search.looserPrimitive * tolerances.primitive
        if a.primitive.sites.count > b.primitive.sites.count { a = a.further(tolerance: looser) }
        if b.primitive.sites.count > a.primitive.sites.count { b = b.further(tolerance: looser) }
        guard a.primitive.sites.count == b.primitive.sites.count else { return nil }
        // One order for both: equally good pairings are then chosen alike, and the answer is the same to the last bit.
        if Self.precedes(b.primitive, a.primitive) { swap(&a, &b) }
        self.init(
            a.primitive, b.primitive, tolerances,
            superstructures: SuperstructurePair(a.superstructure, b.superstructure))
    }

    /// Whether the averaged cells may not say how near the two can come: where they do not match or have no common
    /// number of atoms, and where both have a superstructure, which each averages in its own way.
    static func needsUndivided(
        _ a: MatchCandidate, _ b: MatchCandidate, _ averaged: MatchSearch?, isMatch: Bool
    ) -> Bool {
        guard averaged != nil else { return true }
        if a.superstructure != nil, b.superstructure != nil { return true }
        return !isMatch && (a.superstructure != nil || b.superstructure != nil)
    }

    /// Searches over a cell of the larger crystal and the supercells of the smaller that hold as many atoms, neither
    /// averaged; several where the larger must be enlarged too.
    static func undivided(
        _ first: MatchCandidate, _ second: MatchCandidate, _ tolerances: MatchTolerances
    ) -> [MatchSearch] {
        var (a, b) = (first.undivided, second.undivided)
        let counts = (a.sites.count, b.sites.count)
        if counts.0 > counts.1 || (counts.0 == counts.1 && precedes(b, a)) { swap(&a, &b) }
        let (small, large) = (a.sites.count, b.sites.count)
        guard small > 0, a.lattice.volume > 0, b.lattice.volume > 0 else { return [] }
        let common = small / greatestCommonDivisor(small, large) * large
        guard common <= tolerances.search.mostAtoms else { return [] }
        let copies = common / small
        return enlarged(b, by: common / large).compactMap {
            MatchSearch(a, $0, tolerances, copies: copies)
        }
    }

    /// The supercells of a number of cells, all shapes.
    private static func enlarged(_ structure: CrystalStructure, by index: Int) -> [CrystalStructure] {
        guard index > 1 else { return [structure] }
        let own = TranslationBasis(generatedBy: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)])
        return own.sublattices(index: index).map { cell in
            let change = Matrix3(cell.rows).transpose.inverse
            let sites = structure.sites.flatMap { site in
                cell.cells.map { shift in
                    var copy = site
                    copy.position = change * (site.position + SIMD3<Double>(shift))
                    return copy
                }
            }
            let lattice = Lattice(vectors: Matrix3(cell.rows) * structure.lattice.vectors)
            return CrystalStructure(lattice: lattice, sites: sites).reduced
        }
    }

    private static func precedes(_ a: CrystalStructure, _ b: CrystalStructure) -> Bool {
        func numbers(_ s: CrystalStructure) -> [Double] {
            let (lengths, angles) = (s.lattice.lengths, s.lattice.angles)
            return [
                s.lattice.volume, lengths.x, lengths.y, lengths.z, angles.x, angles.y, angles.z,
            ] + s.sites.flatMap { [$0.position.x, $0.position.y, $0.position.z] }
        }
        return numbers(a).lexicographicallyPrecedes(numbers(b))
    }

    private init?(
        _ a: CrystalStructure, _ b: CrystalStructure, _ tolerances: MatchTolerances,
        superstructures: SuperstructurePair? = nil, copies: Int = 1
    ) {
        let repeated = copies == 1 ? a.sites : a.sites.flatMap { [Site](repeating: $0, count: copies) }
        guard let alignment = SiteAlignment(repeated, b.sites) else { return nil }
        let volume = Double(copies) * a.lattice.volume
        let ratio = b.lattice.volume / volume
        guard ratio.isFinite, ratio > 0 else { return nil }
        let factor = tolerances.scalesVolume ? pow(ratio, 1.0 / 6) : 1
        first = Lattice(vectors: factor * a.lattice.vectors)
        second = Lattice(vectors: (1 / factor) * b.lattice.vectors)
        firstPositions = a.sites.map(\.position)
        secondPositions = b.sites.map(\.position)
        self.alignment = alignment
        target = alignment.target(secondPositions)
        self.superstructures = superstructures
        self.copies = copies
        settings = tolerances.search
        count = b.sites.count
        unit = cbrt((volume * b.lattice.volume).squareRoot() / Double(count))
    }

    /// Maximum displacement within tolerances.site for some alignment.
    ///
    /// - Parameter check: throws where the work is to end.
    func hasMatch(_ tolerances: MatchTolerances, check: () throws -> Void) rethrows -> Bool {
        try firstMatch(tolerances, check: check) != nil
    }

    /// The rms, in units of (V/N)^⅓, of the first alignment whose maximum displacement is within tolerances.site; nil where
    /// there is none. The least rms is not above it.
    ///
    /// - Parameter check: throws where the work is to end.
    func firstMatch(_ tolerances: MatchTolerances, check: () throws -> Void) rethrows -> Double? {
        for mapping in mappings(tolerances) {
            try check()
            guard let mapped = mapped(mapping) else { continue }
            let limit = tolerances.site * mapped.scale
            for shift in alignment.candidateShifts(mapped.positions, secondPositions, copies: copies) {
                try check()
                let result = alignment.align(
                    mapped.positions, target, shift: shift, mapped.metric,
                    cutoff: settings.pairReach * limit)
                // What a superstructure adds has the mean zero: no largest displacement gets less by it.
                guard let result, superstructures != nil || result.maximum <= limit else { continue }
                let whole = whole(result, mapped)
                if whole.leastMaximum <= limit { return whole.rms / mapped.scale }
            }
        }
        return nil
    }

    /// The correspondences of the cells within the tolerances.
    func mappings(_ tolerances: MatchTolerances) -> [IntegerMatrix3] {
        LatticeMapping.all(
            from: first, to: second, lengthTolerance: tolerances.length, angleTolerance: tolerances.angle,
            index: copies)
    }

    var mappingsOfLeastStrain: [IntegerMatrix3] {
        LatticeMapping.ofLeastStrain(from: first, to: second, index: copies, settings)
    }

    /// A correspondence of the cells: the first's atoms in the second's coordinates, and the mean metric.
    private struct Mapped {
        /// x' = change · x; of integers where no cell is a supercell.
        let change: Matrix3
        let positions: [SIMD3<Double>]
        let metric: AlignmentMetric
        /// (V/N)^⅓ in Å.
        let scale: Double
    }

    private func mapped(_ mapping: IntegerMatrix3) -> Mapped? {
        let moved = Matrix3(mapping) * first.vectors
        let mean = 0.5 * (moved * moved.transpose + second.metric)
        let lattice = Lattice(metric: mean)
        let scale = cbrt(lattice.volume / Double(count))
        guard scale.isFinite, scale > 0 else { return nil }
        let metric = AlignmentMetric(lattice)
        if copies == 1 {
            guard let inverse = mapping.inverse else { return nil }
            let change = Matrix3(inverse.transpose)
            return Mapped(
                change: change, positions: firstPositions.map { change * $0 }, metric: metric, scale: scale)
        }
        let change = Matrix3(mapping).inverse.transpose
        let cells = TranslationBasis(generatedBy: [mapping.row0, mapping.row1, mapping.row2]).cells
        let positions = firstPositions.flatMap { position in
            cells.map { change * (position + SIMD3<Double>($0)) }
        }
        return Mapped(change: change, positions: positions, metric: metric, scale: scale)
    }

    /// What an alignment of the averaged cells is for all atoms, in Å.
    private func whole(
        _ result: SiteAlignment.Result, _ mapped: Mapped
    ) -> SuperstructurePair.Distance {
        guard let superstructures else {
            return SuperstructurePair.Distance(
                rms: result.rms, maximum: result.maximum, leastMaximum: result.maximum, cells: 1)
        }
        let rows = (0..<3).map { SIMD3<Int>(mapped.change[$0].rounded(.toNearestOrEven)) }
        return superstructures.distance(
            SuperstructurePair.Averaged(
                change: IntegerMatrix3(rows: rows[0], rows[1], rows[2]), metric: mapped.metric.periodic,
                firstPositions: mapped.positions, secondPositions: secondPositions, alignment: result))
    }

    /// The alignment of least rms over the mappings, both in units of (V/N)^⅓, and the cells of the common
    /// superstructure; nil for none.
    ///
    /// The shifts in the order of their sums to the nearest atoms, a lower bound of Σ d², until none can be better. A shift
    /// whose nearest atoms pair one to one bounds the best from above.
    /// - Parameters:
    ///   - known: the rms of some alignment, in units of (V/N)^⅓: shifts that come to more are not measured to the end.
    ///   - check: throws where the work is to end.
    func closest(
        _ mappings: [IntegerMatrix3], notAbove known: Double = .infinity, check: () throws -> Void
    ) rethrows -> (rms: Double, maximum: Double, cells: Int)? {
        let mapped = mappings.compactMap(mapped)
        let frames = mapped.map { own in
            ShiftQueue.Frame(
                positions: own.positions, metric: own.metric, scale: own.scale,
                shifts: alignment.candidateShifts(own.positions, secondPositions, copies: copies))
        }
        // Rounding must not shut out the very shift that sets the limit.
        let slack = alignment.slack * 1.0001
        // Twice, because the mean metric is not that in which the superstructures were measured.
        let freedom = 2 * (superstructures?.freedom ?? 0) * Double(count) / (unit * unit)
        var limit = slack * known * known * Double(count) + 1e-12
        var queue = try ShiftQueue(alignment, target, frames, limit: limit, check: check)
        var best: (rms: Double, maximum: Double, cells: Int)?
        var reaches = [Double?](repeating: nil, count: mapped.count)
        while let candidate = try queue.next(limit: limit, check: check) {
            try check()
            let mapped = mapped[candidate.frame]
            let bound = best.map { $0.rms * mapped.scale } ?? .infinity
            let start = alignment.pair(
                mapped.positions, target, candidate.shift, mapped.metric,
                limit: slack * bound * bound * Double(count))
            guard let start else { continue }
            if start.isNearest {
                limit = min(limit, slack * (candidate.sum + freedom) + 1e-12)
            }
            let reach =
                reaches[candidate.frame] ?? alignment.reachOfNearest(target, mapped.metric)
            reaches[candidate.frame] = reach
            let result =
                alignment.settledAtOnce(start, shift: candidate.shift, mapped.metric, reach: reach)
                ?? alignment.settled(
                    start, mapped.positions, target, shift: candidate.shift, mapped.metric)
            guard let result else { continue }
            if result.maximum < reach {
                queue.pass(over: result.shift, within: reach - result.maximum, in: candidate.frame)
            }
            let least = superstructures?.leastRMS(
                beside: result.rms, mapped.change, mapped.metric.periodic)
            guard least ?? result.rms < bound * (1 - Self.rounding) else { continue }
            let whole = whole(result, mapped)
            guard whole.rms < bound else { continue }
            best = (whole.rms / mapped.scale, whole.maximum / mapped.scale, whole.cells)
            if whole.rms / mapped.scale <= settings.exact { break }
            let relative = whole.rms / mapped.scale
            limit = min(limit, slack * relative * relative * Double(count))
        }
        return best
    }

    /// Equally good alignments, as symmetry makes them, differ by this share.
    private static let rounding = 1e-12
}
