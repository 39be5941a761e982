import Crystallography
import NumericalMethods

extension FoundSymmetry {
    /// The displacements of the enforced structure, one for each atom, in the structure's own cell: every atom's is
    /// the mean of what the operations carry to it from its orbit, so that it obeys its site's symmetry too. Atoms
    /// of an orbit that state none take part with none.
    ///
    /// - Parameter lattice: of the enforced structure, in the input's cell.
    func averagedDisplacements(of structure: CrystalStructure, lattice: Lattice) -> [Displacement?] {
        var result = structure.sites.map(\.displacement)
        guard result.contains(where: { $0 != nil }) else { return result }
        // ⟨u uᵀ⟩ of fractional displacements on the setting's axes.
        let toFractions = transformation * Matrix3(diagonal: structure.lattice.reciprocal.lengths)
        let back = Matrix3(diagonal: 1 / lattice.reciprocal.lengths) * transformation.inverse
        var members: [Int: [Int]] = [:]
        for (atom, orbit) in orbits.enumerated() { members[orbit, default: []].append(atom) }
        for indices in members.values {
            let isotropic = indices.compactMap { index -> Double? in
                if case .isotropic(let b) = structure.sites[index].displacement { b } else { nil }
            }
            let tensors = indices.compactMap { index -> (SIMD3<Double>, Matrix3)? in
                guard case .anisotropic(let u) = structure.sites[index].displacement else { return nil }
                return (idealPositions[index], toFractions * u * toFractions.transpose)
            }
            // Translations turn no tensor: one mean for all copies of an atom.
            var means: [Int: Matrix3] = [:]
            for atom in indices where !tensors.isEmpty && means[translationClasses[atom]] == nil {
                means[translationClasses[atom]] = mean(of: tensors, at: idealPositions[atom])
            }
            for atom in indices {
                if let mean = means[translationClasses[atom]] {
                    result[atom] = .anisotropic(u: back * mean * back.transpose)
                } else if !isotropic.isEmpty {
                    result[atom] = .isotropic(b: isotropic.reduce(0, +) / Double(isotropic.count))
                }
            }
        }
        return result
    }

    private func mean(
        of tensors: [(position: SIMD3<Double>, tensor: Matrix3)], at point: SIMD3<Double>
    ) -> Matrix3? {
        var sum = Matrix3.zero
        var count = 0.0
        for operation in spaceGroup.operations {
            let rotation = Matrix3(operation.rotation)
            for (position, tensor) in tensors {
                let difference = (operation.apply(to: position) - point).nearestImage
                guard difference.length < 1e-6 else { continue }
                sum = sum + rotation * tensor * rotation.transpose
                count += 1
            }
        }
        return count > 0 ? (1 / count) * sum : nil
    }
}
