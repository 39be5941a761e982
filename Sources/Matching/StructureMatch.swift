import Crystallography
import Foundation
import NumericalMethods

/// What counts as the same structure.
public struct MatchTolerances: Sendable, Hashable {
    /// Lengths of the reduced primitive cells agree within the factor 1 + this, either way.
    public var length = 0.2
    /// The largest displacement allowed, in units of (V/N)^⅓.
    public var site = 0.3
    /// Angles of the reduced primitive cells agree within this, in degrees.
    public var angle = 5.0
    /// Both cells are brought to the same volume per atom first.
    public var scalesVolume = true
    /// Atoms farther apart than this are not merged when the primitive cell is sought, in Å; 1.4 times as much
    /// is allowed in the larger of two cells that are found with different numbers of atoms.
    public var primitive = 0.2

    /// The usual defaults 0.2, 0.3, 5°.
    public init() {}

    public init(length: Double, site: Double, angle: Double, scalesVolume: Bool = true) {
        self.length = length
        self.site = site
        self.angle = angle
        self.scalesVolume = scalesVolume
    }

    /// Those of the study of powder-pattern landscapes (arXiv 2512.04036).
    public static let landscapeStudy = MatchTolerances(length: 0.1, site: 0.2, angle: 5)
}

/// A crystal prepared for matching: its reduced primitive cell. Prepare once what is compared often.
public struct MatchCandidate: Sendable {
    public let primitive: CrystalStructure

    public init(_ structure: CrystalStructure, tolerance: Double = MatchTolerances().primitive) {
        primitive = structure.primitive(tolerance: tolerance)
    }
}

/// The closest way to lay one crystal on another, over all bases, origins, mirror images and pairings.
///
/// The same whichever of the two is named first. Cells are compared on the mean of the two metric tensors.
/// Distances are never capped: where the cells agree only beyond the tolerances, the structures are compared on
/// the correspondence of least strain, and the match is none.
public struct StructureMatch: Sendable, Hashable {
    /// Within the tolerances: cells, and the largest displacement.
    public let isMatch: Bool
    /// √⟨d²⟩ over the paired atoms at the alignment of least rms, in Å.
    public let rmsDisplacement: Double
    /// The largest displacement at that alignment, in Å.
    public let maximumDisplacement: Double
    /// The same in units of (V/N)^⅓.
    public let normalizedRMS: Double
    public let normalizedMaximum: Double
    /// Whether the two cells agree within the length and angle tolerances.
    public let cellsAgree: Bool
    /// Atoms of the primitive cell.
    public let atomCount: Int

    /// - Returns: nil where no pairing exists: the compositions or the numbers of atoms in the primitive cells
    ///   differ.
    public static func find(
        _ a: CrystalStructure, _ b: CrystalStructure, tolerances: MatchTolerances = MatchTolerances()
    ) -> StructureMatch? {
        find(
            MatchCandidate(a, tolerance: tolerances.primitive),
            MatchCandidate(b, tolerance: tolerances.primitive),
            tolerances: tolerances)
    }

    public static func find(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances = MatchTolerances()
    ) -> StructureMatch? {
        guard let search = MatchSearch(a, b, tolerances) else { return nil }
        let within = search.mappings(tolerances)
        let cellsAgree = !within.isEmpty
        guard let best = search.closest(cellsAgree ? within : search.mappingsOfLeastStrain) else {
            return nil
        }
        // The alignment of least rms need not be the one of least maximum.
        let isMatch = cellsAgree && (best.maximum <= tolerances.site || search.hasMatch(tolerances))
        return StructureMatch(
            isMatch: isMatch, rmsDisplacement: best.rms * search.unit,
            maximumDisplacement: best.maximum * search.unit, normalizedRMS: best.rms,
            normalizedMaximum: best.maximum, cellsAgree: cellsAgree, atomCount: search.count)
    }

    /// The verdict alone, which stops at the first alignment within the tolerances.
    public static func isMatch(
        _ a: CrystalStructure, _ b: CrystalStructure, tolerances: MatchTolerances = MatchTolerances()
    ) -> Bool {
        isMatch(
            MatchCandidate(a, tolerance: tolerances.primitive),
            MatchCandidate(b, tolerance: tolerances.primitive),
            tolerances: tolerances)
    }

    public static func isMatch(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances = MatchTolerances()
    ) -> Bool {
        MatchSearch(a, b, tolerances)?.hasMatch(tolerances) ?? false
    }
}

/// The search behind `StructureMatch` over two primitive cells of equal content.
struct MatchSearch {
    private let first: Lattice
    private let second: Lattice
    private let firstPositions: [SIMD3<Double>]
    private let secondPositions: [SIMD3<Double>]
    private let alignment: SiteAlignment
    let count: Int
    /// (V/N)^⅓ in Å, of the geometric mean of the volumes.
    let unit: Double

    init?(_ first: MatchCandidate, _ second: MatchCandidate, _ tolerances: MatchTolerances) {
        var (a, b) = (first.primitive, second.primitive)
        let looser = 1.4 * tolerances.primitive
        if a.sites.count > b.sites.count { a = a.primitive(tolerance: looser) }
        if b.sites.count > a.sites.count { b = b.primitive(tolerance: looser) }
        // One order for both: equally good pairings are then chosen alike, and the answer is the same to the last bit.
        if Self.precedes(b, a) { swap(&a, &b) }
        self.init(a, b, scales: tolerances.scalesVolume)
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

    private init?(_ a: CrystalStructure, _ b: CrystalStructure, scales: Bool) {
        guard let alignment = SiteAlignment(a.sites, b.sites) else { return nil }
        let ratio = b.lattice.volume / a.lattice.volume
        guard ratio.isFinite, ratio > 0 else { return nil }
        let factor = scales ? pow(ratio, 1.0 / 6) : 1
        first = Lattice(vectors: factor * a.lattice.vectors)
        second = Lattice(vectors: (1 / factor) * b.lattice.vectors)
        firstPositions = a.sites.map(\.position)
        secondPositions = b.sites.map(\.position)
        self.alignment = alignment
        count = a.sites.count
        unit = cbrt((a.lattice.volume * b.lattice.volume).squareRoot() / Double(count))
    }

    /// Maximum displacement within tolerances.site for some alignment.
    func hasMatch(_ tolerances: MatchTolerances) -> Bool {
        var found = false
        forEach(mappings(tolerances)) { mapped, metric, scale in
            for shift in alignment.candidateShifts(mapped, secondPositions) {
                let result = alignment.align(
                    mapped, secondPositions, shift: shift, metric, cutoff: 2 * tolerances.site * scale)
                if let result, result.maximum <= tolerances.site * scale {
                    found = true
                    return false
                }
            }
            return true
        }
        return found
    }

    /// The correspondences of the cells within the tolerances.
    func mappings(_ tolerances: MatchTolerances) -> [IntegerMatrix3] {
        LatticeMapping.all(
            from: first, to: second, lengthTolerance: tolerances.length, angleTolerance: tolerances.angle)
    }

    var mappingsOfLeastStrain: [IntegerMatrix3] { LatticeMapping.ofLeastStrain(from: first, to: second) }

    /// The alignment of least rms over the mappings, both in units of (V/N)^⅓; nil for none.
    ///
    /// First every shift's sum to the nearest atoms, a lower bound of its Σ d²; then the alignments in the order of
    /// that bound, until none can be better. A shift whose nearest atoms pair one to one bounds the best from above.
    func closest(_ mappings: [IntegerMatrix3]) -> (rms: Double, maximum: Double)? {
        struct Candidate {
            let shift: SIMD3<Double>
            let mapping: Int
            /// In units of the mapping's (V/N)^⅔.
            let sum: Double
        }
        var mapped: [(positions: [SIMD3<Double>], metric: PeriodicMetric, scale: Double)] = []
        forEach(mappings) { positions, metric, scale in
            mapped.append((positions, metric, scale))
            return true
        }
        var candidates: [Candidate] = []
        var limit = Double.infinity
        // Rounding must not shut out the very shift that sets the limit.
        let slack = alignment.slack * 1.0001
        for (index, (positions, metric, scale)) in mapped.enumerated() {
            let square = scale * scale
            for shift in alignment.candidateShifts(positions, secondPositions) {
                guard
                    let found = alignment.nearestSum(
                        positions, secondPositions, shift: shift, metric, limit: limit * square)
                else { continue }
                let sum = found.sum / square
                candidates.append(Candidate(shift: shift, mapping: index, sum: sum))
                if found.isOneToOne { limit = min(limit, slack * sum + 1e-12) }
            }
        }
        candidates.sort { ($0.sum, $0.mapping) < ($1.sum, $1.mapping) }
        var best: (rms: Double, maximum: Double)?
        for candidate in candidates {
            let reach = best.map { $0.rms * $0.rms * slack * Double(count) } ?? .infinity
            guard candidate.sum <= min(limit, reach) else { break }
            let (positions, metric, scale) = mapped[candidate.mapping]
            let bound = best.map { $0.rms * scale } ?? .infinity
            let result = alignment.align(
                positions, secondPositions, shift: candidate.shift, metric, bound: bound)
            guard let result, result.rms < bound else { continue }
            best = (result.rms / scale, result.maximum / scale)
            if result.rms / scale <= 1e-7 { break }
        }
        return best
    }

    private func forEach(
        _ mappings: [IntegerMatrix3],
        _ body: (_ mapped: [SIMD3<Double>], _ metric: PeriodicMetric, _ scale: Double) -> Bool
    ) {
        for mapping in mappings {
            guard let inverse = mapping.inverse else { continue }
            let moved = Matrix3(mapping) * first.vectors
            let mean = 0.5 * (moved * moved.transpose + second.metric)
            let lattice = Lattice(metric: mean)
            let change = Matrix3(inverse.transpose)
            let scale = cbrt(lattice.volume / Double(count))
            guard scale.isFinite else { continue }
            if !body(firstPositions.map { change * $0 }, PeriodicMetric(lattice), scale) { return }
        }
    }
}

extension Lattice {
    /// The lattice of a metric tensor, a along x and b in the xy plane.
    init(metric g: Matrix3) {
        let a = g[0, 0].squareRoot()
        let bx = g[0, 1] / a
        let by = (g[1, 1] - bx * bx).squareRoot()
        let cx = g[0, 2] / a
        let cy = (g[1, 2] - bx * cx) / by
        let cz = (g[2, 2] - cx * cx - cy * cy).squareRoot()
        self.init(vectors: Matrix3(rows: SIMD3(a, 0, 0), SIMD3(bx, by, 0), SIMD3(cx, cy, cz)))
    }
}
