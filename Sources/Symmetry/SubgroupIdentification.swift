import Crystallography
import NumericalMethods

/// Names a group of operations that stands in any basis: spglib proposes the type and the way to its setting from a
/// crystal that has exactly these symmetries; exact conjugation then proves both.
enum SubgroupIdentification {
    /// - Parameters:
    ///   - operations: one for each rotation.
    ///   - translations: over 24, in the same basis.
    static func identify(
        _ operations: [SymmetryOperation], translations: TranslationBasis
    ) -> (spaceGroup: SpaceGroup, transformation: ChangeOfBasis)? {
        let cell = (1.0 / Double(SymmetryOperation.denominator)) * Matrix3(translations.rows)
        let metric = averagedMetric(operations.map(\.rotation))
        let lattice = Lattice(vectors: cell * Lattice(metric: metric).vectors)
        let toCell = cell.inverse.transpose
        // Three kinds of generic atoms: no structure of them has a symmetry beside these operations.
        let generic: [SIMD3<Double>] = [
            SIMD3(0.137_7, 0.219_3, 0.341_7), SIMD3(0.423_1, 0.071_9, 0.155_3),
            SIMD3(0.042_3, 0.387_1, 0.271_9),
        ]
        let kinds = (operations.count > 12 ? ["Si", "O"] : ["Si", "O", "Fe"]).compactMap {
            Element(symbol: $0)
        }
        var sites: [Site] = []
        for (kind, point) in zip(kinds, generic) {
            for operation in operations {
                sites.append(Site(kind, at: (toCell * operation.apply(to: point)).wrapped))
            }
        }
        let crystal = CrystalStructure(lattice: lattice, sites: sites)
        // What is not found is not proven either.
        guard let found = try? SymmetryFinder.find(in: crystal, tolerance: 1e-4),
            let change = ChangeOfBasis(
                matrix: found.transformation * toCell, shift: found.originShift.wrapped, shiftTolerance: 1e-4),
            isProven(found.spaceGroup, change, operations, translations)
        else { return nil }
        return (found.spaceGroup, change)
    }

    /// The conjugated operations are the table's, no fewer and no more.
    static func isProven(
        _ group: SpaceGroup, _ change: ChangeOfBasis, _ operations: [SymmetryOperation],
        _ translations: TranslationBasis
    ) -> Bool {
        let wanted = Set(group.operations)
        guard operations.count * group.centring.vectors.count == group.order else { return false }
        for operation in operations {
            guard let moved = change.apply(to: operation), wanted.contains(moved.wrapped) else {
                return false
            }
        }
        let basis = TranslationBasis.of(group.centring)
        var images: [SIMD3<Int>] = []
        for row in 0..<3 {
            let translation = SymmetryOperation(rotation: .identity, translation: translations.rows[row])
            guard let moved = change.apply(to: translation) else { return false }
            images.append(moved.translation)
        }
        return TranslationBasis(generatedBy: images) == basis
    }

    /// A metric that the rotations keep and nothing else about it is special.
    private static func averagedMetric(_ rotations: [IntegerMatrix3]) -> Matrix3 {
        let generic = Matrix3(
            rows: SIMD3(61.3, 4.1, -7.3), SIMD3(4.1, 73.9, 5.7), SIMD3(-7.3, 5.7, 89.1))
        var sum = Matrix3.zero
        for rotation in rotations {
            let r = Matrix3(rotation)
            sum = sum + r.transpose * generic * r
        }
        return (1 / Double(rotations.count)) * sum
    }
}
