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
    /// The origin of the input in the standard setting, fractional (spglib's convention).
    public let originShift: SIMD3<Double>
    /// Orbits under the full space group, numbered from 0 in the order of first appearance.
    public let orbits: [Int]
    /// Wyckoff letters in the setting of `spaceGroup`.
    public let letters: [String]
    /// Oriented site-symmetry symbols of the positions' first triplets in the setting of `spaceGroup`; permuted
    /// settings have permuted symbols, where spglib repeats those of the standard one.
    public let siteSymmetrySymbols: [String]
    /// The setting's lattice with the group's metric, turned as the input's lattice is.
    package let idealLattice: Lattice
    /// Idealised coordinates on the setting, in the image next to the atom: x_std of the enforced structure.
    package let idealPositions: [SIMD3<Double>]
    /// Atoms with one number differ by a lattice translation of the group (copies in a supercell).
    package let translationClasses: [Int]
    /// How far enforcing the group moves the atoms at fixed lattice, Å.
    public let maxDisplacement: Double
    /// How far enforcing the group moves the atoms, Å, root mean square.
    public let rmsDisplacement: Double

    /// In Hermann–Mauguin notation, such as "mmm".
    public var pointGroup: String { spaceGroup.pointGroup }

    /// How many primitive cells of the group the input's cell holds.
    package var copies: Int {
        Int((abs(transformation.determinant) * Double(spaceGroup.centring.vectors.count)).rounded())
    }

    /// The largest principal strain, |stretch − 1|, that enforcing the group puts on the lattice.
    package func strain(of lattice: Lattice) -> Double {
        let real = transformation.inverse.transpose * lattice.vectors
        let deformation = real.inverse * idealLattice.vectors
        // A deformation that is no number has no principal strains.
        guard let eigen = try? SymmetricEigen(DenseMatrix(deformation * deformation.transpose)) else {
            return .nan
        }
        return eigen.values.reduce(0) { max($0, abs(max($1, 0).squareRoot() - 1)) }
    }

    /// The group's operations in the input's own cell and origin, those that keep the input's lattice; without
    /// repetition modulo the input's lattice: a representative of each coset times every translation.
    package var operationsInInput: [AffineOperation] {
        let inverse = transformation.inverse
        let rotations = keptRotations
        var result: [AffineOperation] = []
        for (centring, cells) in translationsInInput {
            let fraction = SIMD3<Double>(centring) / Double(SymmetryOperation.denominator)
            for (operation, turned) in rotations {
                let shift = operation.apply(to: originShift) - originShift + fraction
                for cell in cells {
                    let moved = (inverse * (shift + SIMD3<Double>(cell))).wrappedClean
                    result.append(AffineOperation(rotation: turned, translation: moved))
                }
            }
        }
        return result
    }

    /// How many operations the input's cell keeps, those with a translation of the group counted each.
    private var operationCountInInput: Int { keptRotations.count * copies }

    /// The operations without centring whose rotation keeps the input's lattice, and that rotation there.
    private var keptRotations: [(operation: SymmetryOperation, inInput: IntegerMatrix3)] {
        let inverse = transformation.inverse
        let operations = spaceGroup.operations.prefix(spaceGroup.order / spaceGroup.centring.vectors.count)
        return operations.compactMap { operation in
            let rotation = inverse * Matrix3(operation.rotation) * transformation
            var rows: [SIMD3<Int>] = []
            for row in 0..<3 {
                let rounded = rotation[row].rounded(.toNearestOrEven)
                guard (rotation[row] - rounded).length < 1e-6 else { return nil }
                rows.append(SIMD3<Int>(rounded))
            }
            return (operation, IntegerMatrix3(rows: rows[0], rows[1], rows[2]))
        }
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
        // A supercell may keep some operations only, and those may be another group's; no table has so many as one
        // that keeps all.
        let count = operationCountInInput
        guard count * spaceGroup.centring.vectors.count == spaceGroup.order * copies,
            count <= Self.largestTabulatedOrder, let operations = exactOperationsInInput
        else { return nil }
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

    /// That of Fm-3m: 48 rotations on four lattice points.
    private static let largestTabulatedOrder = 192

    /// Each centring vector (over 24) with the whole vectors of the setting that make translations of the group together
    /// with it, all of them different modulo the input's lattice.
    private var translationsInInput: [(centring: SIMD3<Int>, cells: [SIMD3<Int>])] {
        // P = K/6, so that P⁻¹ w/24 = adj(K) w/(4 det K): exact, and a whole vector where its numerators divide.
        var rows: [SIMD3<Int>] = []
        for row in 0..<3 { rows.append(SIMD3<Int>((6 * transformation[row]).rounded(.toNearestOrEven))) }
        let numerators = IntegerMatrix3(rows: rows[0], rows[1], rows[2])
        let modulus = 4 * abs(numerators.determinant)
        let adjugate = numerators.adjugate
        func key(_ w: SIMD3<Int>) -> SIMD3<Int> {
            let v = (adjugate * w) % SIMD3(repeating: modulus)
            return v.replacing(with: v &+ modulus, where: v .< 0)
        }
        var cells = [SIMD3<Int>.zero]
        var keys: Set<SIMD3<Int>> = [.zero]
        // The multiples of one axis that no combination of the later ones gives; then all sums with those.
        for axis in [2, 1, 0] {
            var unit = SIMD3<Int>.zero
            unit[axis] = 1
            var steps = 1
            while !keys.contains(key(unit &* (24 * steps))) { steps += 1 }
            let inner = cells
            cells = (0..<steps).flatMap { step in inner.map { $0 &+ unit &* step } }
            keys = Set(cells.map { key($0 &* 24) })
        }
        var seen: Set<SIMD3<Int>> = []
        return spaceGroup.centring.vectors.map { centring in
            (centring, cells.filter { seen.insert(key(centring &+ $0 &* 24)).inserted })
        }
    }
}

extension SIMD3 where Scalar == Double {
    /// In [0, 1) with values within rounding of an integer put to 0.
    var wrappedClean: SIMD3<Double> {
        let w = wrapped
        return w.replacing(with: 0, where: w .> 1 - 1e-9)
    }
}
