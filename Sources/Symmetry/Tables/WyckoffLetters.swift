import Crystallography
import NumericalMethods

/// Wyckoff letters are convention, not algebra: they are asked of spglib, which is shown a crystal with an atom on
/// every position.
enum WyckoffLetters {
    /// One letter for each subspace, 0 for `a`; nil if spglib does not recognise the crystal.
    static func letters(
        of representatives: [TorusSubspace], hallNumber: Int, operations: [SymmetryOperation]
    ) -> [Int]? {
        let lattice = genericLattice(operations)
        var positions: [SIMD3<Double>] = []
        var types: [Int32] = []
        var probes: [(atom: Int, subspace: Int)] = []
        func addOrbit(of subspace: TorusSubspace, at generic: SIMD3<Double>) {
            let base = SIMD3<Double>(subspace.translation) / Double(SymmetryOperation.denominator)
            let point = Matrix3(subspace.matrix) * generic + base
            var orbit: [SIMD3<Double>] = []
            for operation in operations {
                let image = operation.apply(to: point).wrapped
                if !orbit.contains(where: { ($0 - image).nearestImage.length < 1e-6 }) { orbit.append(image) }
            }
            let kind = (types.last ?? 0) + 1
            positions += orbit
            types += orbit.map { _ in kind }
        }
        for (index, subspace) in representatives.enumerated() {
            probes.append((positions.count, index))
            addOrbit(of: subspace, at: SIMD3(0.131_7, 0.217_9, 0.347_1))
        }
        // More atoms on the general position, so that small groups gain no symmetry by chance.
        for point in [SIMD3(0.071_3, 0.391_1, 0.162_3), SIMD3(0.421_7, 0.083_1, 0.287_9)] {
            addOrbit(of: .wholeSpace, at: point)
        }
        guard
            let dataset = SpglibEdge.dataset(
                lattice: lattice, positions: positions, types: types, tolerance: 1e-4, hallNumber: hallNumber)
        else { return nil }
        // spglib may look at the crystal from an equivalent origin or along equivalent axes: the letter belongs to
        // the position where the probe stands there.
        var letters = [Int?](repeating: nil, count: representatives.count)
        for probe in probes {
            let seen = dataset.transformation * positions[probe.atom] + dataset.originShift
            let home = representatives.indices.filter { index in
                let subspace = representatives[index]
                return subspace.dimension == representatives[probe.subspace].dimension
                    && operations.contains { subspace.contains($0.apply(to: seen), tolerance: 1e-4) }
            }
            guard home.count == 1, letters[home[0]] == nil else { return nil }
            letters[home[0]] = dataset.wyckoffs[probe.atom]
        }
        let found = letters.compactMap { $0 }
        return found.count == representatives.count ? found : nil
    }

    /// `a` … `z`, then `A`.
    static func text(_ letter: Int) -> String {
        String(UnicodeScalar(UInt8(letter < 26 ? 97 + letter : 65 + letter - 26)))
    }

    /// A lattice that has the rotations' symmetry and no more.
    private static func genericLattice(_ operations: [SymmetryOperation]) -> Lattice {
        let start = Lattice(a: 11.3, b: 13.1, c: 17.7, alpha: 81, beta: 97, gamma: 104).metric
        var sum = Matrix3.zero
        for operation in operations {
            let r = Matrix3(operation.rotation)
            sum = sum + r.transpose * start * r
        }
        return Lattice(metric: (1 / Double(operations.count)) * sum)
    }
}

extension TorusSubspace {
    /// Up to lattice vectors; the tolerance is in fractions of the cell edges.
    func contains(_ x: SIMD3<Double>, tolerance: Double) -> Bool {
        let base = SIMD3<Double>(translation) / Double(SymmetryOperation.denominator)
        return (x - Matrix3(matrix) * x - base).nearestImage.length < tolerance
    }
}
