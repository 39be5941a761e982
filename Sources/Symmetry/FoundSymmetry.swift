import Crystallography
import NumericalMethods

/// The space group found in a structure, and where it puts every atom. Lists follow the structure's atoms.
public struct FoundSymmetry: Sendable {
    /// In the setting found: the group's first one, or the one asked for.
    public let spaceGroup: SpaceGroup
    /// What was asked, Å.
    public let tolerance: Double
    /// What is really needed: the largest distance (Å) between an atom's image under an operation and its partner.
    public let deviation: Double
    /// x_std = transformation · x + originShift. Its columns are the input's lattice vectors on the standard ones.
    public let transformation: Matrix3
    public let originShift: SIMD3<Double>
    /// Orbits under the full space group, numbered from 0 in the order of first appearance.
    public let orbits: [Int]
    /// Wyckoff letters in the setting of `spaceGroup`.
    public let letters: [String]
    /// Oriented site-symmetry symbols of the positions' first triplets in the setting of `spaceGroup`; permuted
    /// settings have permuted symbols, where spglib repeats those of the standard one.
    public let siteSymmetrySymbols: [String]
    /// The setting's lattice with the group's metric, turned as the input's lattice is.
    public let idealLattice: Lattice
    /// Idealised coordinates on the setting, in the image next to the atom: x_std of the enforced structure.
    public let idealPositions: [SIMD3<Double>]
    /// Atoms with one number differ by a lattice translation of the group (copies in a supercell).
    public let translationClasses: [Int]
    /// How far enforcing the group moves the atoms at fixed lattice, Å.
    public let maxDisplacement: Double
    public let rmsDisplacement: Double

    public var pointGroup: String { spaceGroup.pointGroup }

    /// How many primitive cells of the group the input's cell holds.
    public var copies: Int {
        Int((abs(transformation.determinant) * Double(spaceGroup.centring.vectors.count)).rounded())
    }

    /// The largest principal strain, |stretch − 1|, that enforcing the group puts on the lattice.
    public func strain(of lattice: Lattice) -> Double {
        let real = transformation.inverse.transpose * lattice.vectors
        let deformation = real.inverse * idealLattice.vectors
        guard let eigen = try? SymmetricEigen(DenseMatrix(deformation * deformation.transpose)) else {
            return .nan
        }
        return eigen.values.reduce(0) { max($0, abs(max($1, 0).squareRoot() - 1)) }
    }

    /// The group's operations in the input's own cell and origin, those that keep the input's lattice; without
    /// repetition modulo the input's lattice.
    public var operationsInInput: [AffineOperation] {
        let inverse = transformation.inverse
        var result: [AffineOperation] = []
        for operation in spaceGroup.operations {
            let rotation = inverse * Matrix3(operation.rotation) * transformation
            var rows: [SIMD3<Int>] = []
            var isInteger = true
            for row in 0..<3 {
                let rounded = rotation[row].rounded(.toNearestOrEven)
                isInteger = isInteger && (rotation[row] - rounded).length < 1e-6
                rows.append(SIMD3<Int>(rounded))
            }
            guard isInteger else { continue }
            let turned = IntegerMatrix3(rows: rows[0], rows[1], rows[2])
            let shift = operation.apply(to: originShift) - originShift
            for translation in latticeTranslations {
                let moved = (inverse * (shift + translation)).wrappedClean
                let isKnown = result.contains {
                    $0.rotation == turned && ($0.translation - moved).nearestImage.length < 1e-6
                }
                if !isKnown { result.append(AffineOperation(rotation: turned, translation: moved)) }
            }
        }
        return result
    }

    /// `operationsInInput` over 24; nil where a translation is no such multiple.
    var exactOperationsInInput: [SymmetryOperation]? {
        var result: [SymmetryOperation] = []
        for operation in operationsInInput {
            let scaled = operation.translation * Double(SymmetryOperation.denominator)
            let rounded = scaled.rounded(.toNearestOrEven)
            guard (scaled - rounded).length < 1e-3 else { return nil }
            result.append(
                SymmetryOperation(rotation: operation.rotation, translation: SIMD3<Int>(rounded)).wrapped)
        }
        return result
    }

    /// The tabulated setting that the input's cell and origin are in already, if any.
    public var settingOfInput: SpaceGroup? {
        guard let operations = exactOperationsInInput else { return nil }
        // A supercell may keep some operations only, and those may be another group's.
        guard operations.count * spaceGroup.centring.vectors.count == spaceGroup.order * copies else {
            return nil
        }
        return SpaceGroup.matching(operations: operations)
    }

    /// Letters and site-symmetry symbols of the input's atoms in the setting of `settingOfInput`, about the input's own
    /// origin: those of `letters` may stand for an origin or axes elsewhere that the group treats alike.
    public func wyckoffPositionsOfInput(in setting: SpaceGroup) -> [WyckoffPosition?] {
        let inverse = transformation.inverse
        let lattice = Lattice(vectors: transformation.transpose * idealLattice.vectors)
        var ofOrbit: [Int: WyckoffPosition] = [:]
        var seen: Set<Int> = []
        for (atom, orbit) in orbits.enumerated() where seen.insert(orbit).inserted {
            let site = SiteSymmetry(
                of: inverse * (idealPositions[atom] - originShift), in: setting.operations, lattice: lattice,
                tolerance: 1e-4)
            ofOrbit[orbit] = setting.wyckoffPosition(of: site)?.position
        }
        return orbits.map { ofOrbit[$0] }
    }

    /// Lattice vectors of the setting, whole ones, that differ modulo the input's lattice.
    private var latticeTranslations: [SIMD3<Double>] {
        let inverse = transformation.inverse
        let expected = max(1, Int(abs(transformation.determinant).rounded(.up)))
        var found: [SIMD3<Double>] = []
        var keys: [SIMD3<Double>] = []
        // A box of `expected` steps each way reaches every coset: each vector's order divides the index.
        for i in 0..<expected {
            for j in 0..<expected {
                for k in 0..<expected {
                    let vector = SIMD3(Double(i), Double(j), Double(k))
                    let key = inverse * vector
                    guard !keys.contains(where: { ($0 - key).nearestImage.length < 1e-6 }) else { continue }
                    keys.append(key)
                    found.append(vector)
                    if found.count == expected { return found }
                }
            }
        }
        return found
    }
}

extension SIMD3 where Scalar == Double {
    /// In [0, 1) with values within rounding of an integer put to 0.
    var wrappedClean: SIMD3<Double> {
        let w = wrapped
        return w.replacing(with: 0, where: w .> 1 - 1e-9)
    }
}
