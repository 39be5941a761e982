import CStructureFactors
import Crystallography
import NumericalMethods

/// Forward derivatives of ⟨|F|²⟩ of every reflection, for least squares.
///
/// `update()` makes the parts that all columns share; each column is then a short contraction. Columns are written,
/// not added. Buffers are allocated once.
package final class StructureFactorJacobian {
    private let factors: StructureFactors
    /// [orbit][x, y, z][reflection]
    private let positions: DoubleBuffer
    private let weights: DoubleBuffer
    private let dispersions: DoubleBuffer?

    package init(_ factors: StructureFactors) {
        self.factors = factors
        let count = factors.reflections.count
        positions = DoubleBuffer(3 * (factors.orbitCount + 1) * count)
        weights = DoubleBuffer((factors.rowCount + 1) * count)
        dispersions = factors.hasDispersion ? DoubleBuffer((factors.rowCount + 1) * count) : nil
    }

    package func update() {
        factors.update()
        let count = factors.reflections.count
        factors.split.forEach { part in
            var span = factors.span(part)
            let (first, length) = (Int(span.first), Int(span.last - span.first))
            for row in 0..<factors.rowCount + 1 {
                (weights.base + row * count + first).update(repeating: 0, count: length)
                if let v = dispersions {
                    (v.base + row * count + first).update(repeating: 0, count: length)
                }
            }
            withUnsafePointer(to: factors.kernel) { kernel in
                wyckoff_forward(
                    kernel, &span, factors.weight.base, factors.dispersion?.base, factors.amplitudeP.base,
                    factors.amplitudeQ?.base, factors.rotations.base, factors.orbitOfSlot.base,
                    Int32(factors.orbitCount), positions.base, weights.base, dispersions?.base)
            }
        }
    }

    /// ∂⟨|F|²⟩/∂t for a representative that moves by t · direction (fractional).
    package func position(
        of orbit: Int, along direction: SIMD3<Double>, into column: UnsafeMutablePointer<Double>
    ) {
        let count = factors.reflections.count
        let base = positions.base + 3 * orbit * count
        for i in 0..<count {
            column[i] =
                direction.x * base[i] + direction.y * base[count + i] + direction.z * base[2 * count + i]
        }
    }

    /// ∂⟨|F|²⟩/∂B of an isotropic orbit.
    package func b(of orbit: Int, into column: UnsafeMutablePointer<Double>) {
        let count = factors.reflections.count
        for i in 0..<count { column[i] = 0 }
        guard !factors.orbits[orbit].isAnisotropic else { return }
        addLogarithmic(row: factors.orbits[orbit].firstRow, into: column) { i in -self.factors.q[i] }
    }

    /// ∂⟨|F|²⟩/∂U_ij of an anisotropic orbit, U_ij and U_ji moving together.
    package func u(of orbit: Int, _ i: Int, _ j: Int, into column: UnsafeMutablePointer<Double>) {
        var direction = Matrix3.zero
        let a = factors.reciprocalLengths
        direction[i, j] = 2 * Double.pi * Double.pi * a[i] * a[j]
        direction[j, i] = direction[i, j]
        let count = factors.reflections.count
        for k in 0..<count { column[k] = 0 }
        addBeta(of: orbit, along: direction, into: column)
    }

    /// ∂⟨|F|²⟩/∂occupancy.
    package func occupancy(of orbit: Int, occupant: Int, into column: UnsafeMutablePointer<Double>) {
        let count = factors.reflections.count
        for i in 0..<count { column[i] = 0 }
        let type = factors.orbits[orbit].types[occupant]
        let f = factors.formFactors.base + type * count
        let (real, imaginary) = (factors.types[type].dispersionReal, factors.types[type].dispersionImaginary)
        for row in factors.orbits[orbit].rows {
            let t = factors.temperature.base + row * count
            let u = weights.base + row * count
            for i in 0..<count { column[i] += u[i] * t[i] * (f[i] + real) }
            if let v = dispersions, imaginary != 0 {
                for i in 0..<count { column[i] += v[row * count + i] * t[i] * imaginary }
            }
        }
    }

    /// ∂⟨|F|²⟩/∂t for a lattice whose G* changes by t · direction: through form factors and displacements.
    package func lattice(along direction: Matrix3, into column: UnsafeMutablePointer<Double>) {
        let count = factors.reflections.count
        for i in 0..<count { column[i] = 0 }
        for (index, orbit) in factors.orbits.enumerated() {
            for row in orbit.rows {
                let t = factors.temperature.base + row * count
                let u = weights.base + row * count
                for (occupant, type) in orbit.types.enumerated() {
                    let occupancy = factors.occupancies[index][occupant]
                    let slope = factors.formFactorSlopes.base + type * count
                    for i in 0..<count { column[i] += occupancy * u[i] * t[i] * slope[i] }
                }
            }
            if case .isotropic(let b) = factors.displacements[index], b != 0 {
                addLogarithmic(row: orbit.firstRow, into: column) { _ in -b }
            }
        }
        for i in 0..<count {
            column[i] *= ReflectionList.q(of: factors.reflections.indices[i], reciprocalMetric: direction)
        }
        for (index, orbit) in factors.orbits.enumerated() where orbit.isAnisotropic {
            guard case .anisotropic(let u) = factors.displacements[index] else { continue }
            let beta = factors.betaTensor(u)
            var change = Matrix3.zero
            for i in 0..<3 {
                for j in 0..<3 {
                    change[i, j] =
                        beta[i, j] / 2
                        * (direction[i, i] / factors.reciprocalMetric[i, i]
                            + direction[j, j] / factors.reciprocalMetric[j, j])
                }
            }
            addBeta(of: index, along: change, into: column)
        }
    }

    /// column += (∂⟨|F|²⟩/∂ ln T) · factor(reflection).
    private func addLogarithmic(
        row: Int, into column: UnsafeMutablePointer<Double>, _ factor: (Int) -> Double
    ) {
        let count = factors.reflections.count
        let u = weights.base + row * count
        let w = factors.weight.base + row * count
        for i in 0..<count { column[i] += u[i] * w[i] * factor(i) }
        guard let v = dispersions, let d = factors.dispersion else { return }
        for i in 0..<count { column[i] += v[row * count + i] * d[row * count + i] * factor(i) }
    }

    private func addBeta(of orbit: Int, along direction: Matrix3, into column: UnsafeMutablePointer<Double>) {
        let slots = factors.orbits[orbit]
        guard slots.isAnisotropic else { return }
        for (image, row) in zip(slots.images, slots.rows) {
            let r = Matrix3(image.rotation)
            let rotated = r * direction * r.transpose
            addLogarithmic(row: row, into: column) { i in
                let h = SIMD3<Double>(self.factors.reflections.indices[i])
                return -h.dot(rotated * h)
            }
        }
    }
}
