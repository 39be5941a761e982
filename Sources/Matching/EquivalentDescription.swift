import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// One structure laid on another that is given in the same setting, by the best of the descriptions that mean
/// the same crystal: another origin, other axes, inversion (which no powder pattern can see).
public struct EquivalentDescription: Sendable, Hashable {
    /// x ↦ R x + t, applied to the structure; its translation before `shift`.
    public let operation: SymmetryOperation
    /// The rest of the origin shift, in fractions of the reference cell: along polar directions, or all of it
    /// where no list of operations was given.
    public let shift: SIMD3<Double>
    /// The reference's site for each site of the structure.
    public let partners: [Int]
    /// Å on the reference's cell, for each site of the structure.
    public let displacements: [Double]
    /// The structure's cell in this description.
    public let lattice: Lattice

    /// Å, over all atoms.
    public var rmsDisplacement: Double {
        (displacements.reduce(0) { $0 + $1 * $1 } / Double(displacements.count)).squareRoot()
    }
    /// Å; 0 for a structure without atoms.
    public var maximumDisplacement: Double { displacements.max() ?? 0 }

    /// The description of `structure` closest to `reference`.
    ///
    /// Displacements are measured in fractional coordinates on the reference's cell, so a difference of the
    /// cells does not enter them. Atoms are paired by optimal assignment within a kind.
    ///
    /// - `operations`: representatives of the Euclidean normalizer over the group (the identity among them);
    ///   nil tries every rotation that keeps the lattice within 3 % and 3° and every origin that lays an atom
    ///   on another of its kind, which finds the same minimum without knowing the group.
    /// - `includingInversion`: each operation also followed by inversion.
    /// - `polarDirections`: directions along which the origin is free, on the cell's vectors.
    /// - Returns: nil where the two do not hold the same atoms.
    public static func closest(
        _ structure: CrystalStructure, to reference: CrystalStructure,
        allowing operations: [SymmetryOperation]? = nil, includingInversion: Bool = true,
        polarDirections: [SIMD3<Int>] = []
    ) -> EquivalentDescription? {
        closest(
            structure, to: reference, allowing: operations, includingInversion: includingInversion,
            polarDirections: polarDirections, settings: MatchSettings.Description())
    }

    /// The same with settings of one's own.
    package static func closest(
        _ structure: CrystalStructure, to reference: CrystalStructure,
        allowing operations: [SymmetryOperation]? = nil, includingInversion: Bool = true,
        polarDirections: [SIMD3<Int>] = [], settings: MatchSettings.Description
    ) -> EquivalentDescription? {
        closest(
            structure, to: reference, allowing: operations, includingInversion: includingInversion,
            polarDirections: polarDirections, settings: settings, check: {})
    }

    /// The same, which ends where `check` throws; that is asked before every origin.
    package static func closest(
        _ structure: CrystalStructure, to reference: CrystalStructure,
        allowing operations: [SymmetryOperation]? = nil, includingInversion: Bool = true,
        polarDirections: [SIMD3<Int>] = [], settings: MatchSettings.Description, check: () throws -> Void
    ) rethrows -> EquivalentDescription? {
        guard let alignment = SiteAlignment(structure.sites, reference.sites) else { return nil }
        let reduction = LatticeReduction(reference.lattice)
        guard let toReduced = reduction.transformation.inverse?.transpose else { return nil }
        let metric = AlignmentMetric(reduction.lattice)
        let places = reference.sites.map { toReduced * $0.position }
        let target = alignment.target(places)
        let polar = orthonormal(polarDirections.map { reference.lattice.cartesian(SIMD3<Double>($0)) })
        // r = Lᵀ f = L′ᵀ f′: the Cartesian frame is the reference's in both bases.
        let candidates = candidateOperations(
            structure, reference, operations, includingInversion, settings)
        var best: EquivalentDescription?
        for operation in candidates {
            let moved = structure.sites.map { toReduced * operation.apply(to: $0.position) }
            let shifts: [SIMD3<Double>]
            if operations == nil {
                shifts = alignment.candidateShifts(moved, places)
            } else if polar.isEmpty {
                shifts = [.zero]
            } else {
                shifts = alignment.candidateShifts(moved, places).map {
                    alongPolar($0, polar, metric.periodic)
                }
            }
            for shift in shifts {
                try check()
                let bound = best?.rmsDisplacement ?? .infinity
                let found = alignment.align(
                    moved, target, shift: shift, metric, along: operations == nil ? nil : polar,
                    bound: operations == nil ? bound : .infinity)
                guard let found, found.rms < bound else { continue }
                best = EquivalentDescription(
                    operation: operation,
                    shift: Matrix3(reduction.transformation.transpose) * found.shift,
                    partners: found.partners, displacements: found.distances,
                    lattice: operation.rotation.carrying(structure.lattice))
            }
            if let best, best.rmsDisplacement < settings.exact { break }
        }
        return best
    }

    private static func candidateOperations(
        _ structure: CrystalStructure, _ reference: CrystalStructure, _ operations: [SymmetryOperation]?,
        _ includingInversion: Bool, _ settings: MatchSettings.Description
    ) -> [SymmetryOperation] {
        var candidates: [SymmetryOperation]
        if let operations {
            candidates = operations.isEmpty ? [.identity] : operations
            if includingInversion {
                candidates += candidates.map { SymmetryOperation.inversion.combined(with: $0) }
            }
        } else {
            // Rows of M·L agree with the reference: f′ = M⁻ᵀ f.
            candidates = LatticeMapping.all(
                from: structure.lattice, to: reference.lattice, lengthTolerance: settings.length,
                angleTolerance: settings.angle
            ).compactMap { $0.inverse.map { SymmetryOperation(rotation: $0.transpose) } }
            if !includingInversion { candidates.removeAll { $0.rotation.determinant < 0 } }
            if candidates.isEmpty { candidates = [.identity] }
            // The description as it stands wins a tie.
            candidates.sort { a, b in a.rotation == .identity && b.rotation != .identity }
        }
        return candidates
    }

    /// The part along the polar directions of the image whose rest is least.
    private static func alongPolar(
        _ shift: SIMD3<Double>, _ polar: [SIMD3<Double>], _ metric: PeriodicMetric
    ) -> SIMD3<Double> {
        var best = SIMD3<Double>.zero
        var least = Double.infinity
        for image in -13..<14 {
            let n = SIMD3(
                Double((image + 13) % 3 - 1), Double((image + 13) / 3 % 3 - 1), Double((image + 13) / 9 - 1))
            let v = (shift + n) * metric.vectors
            let part = polar.reduce(.zero) { $0 + $1 * $1.dot(v) }
            if (v - part).length < least - 1e-9 { (best, least) = (part, (v - part).length) }
        }
        return best * metric.vectors.inverse
    }

    private static func orthonormal(_ directions: [SIMD3<Double>]) -> [SIMD3<Double>] {
        var basis: [SIMD3<Double>] = []
        for direction in directions {
            let rest = basis.reduce(direction) { $0 - $1 * $1.dot(direction) }
            if rest.length > 1e-9 { basis.append(rest / rest.length) }
        }
        return basis
    }
}

extension IntegerMatrix3 {
    /// The cell after x ↦ R x + t: its vectors become Lᵀ R⁻¹ as columns.
    func carrying(_ lattice: Lattice) -> Lattice {
        guard let inverse else { return lattice }
        return Lattice(vectors: Matrix3(inverse.transpose) * lattice.vectors)
    }
}
