import CStructureFactors
import Crystallography
import NumericalMethods

/// The gradient of a number L with respect to everything that a structure factor depends on.
package struct StructureFactorGradient: Sendable {
    /// ∂L/∂(fractional position of the representative), one for each orbit.
    package var positions: [SIMD3<Double>]
    /// ∂L/∂B in Å⁻², one for each orbit; 0 for an anisotropic one.
    package var b: [Double]
    /// ∂L/∂U_ij with U_ij = U_ji moving together: symmetric, an off-diagonal entry is the whole derivative.
    package var u: [Matrix3]
    /// ∂L/∂occupancy of each orbit's occupants.
    package var occupancies: [[Double]]
    /// ∂L/∂(a*ᵢ·a*ᵢ) through anisotropic displacements alone.
    package var reciprocalSquares: SIMD3<Double>

    package init(of factors: StructureFactors) {
        positions = [SIMD3<Double>](repeating: .zero, count: factors.orbitCount)
        b = [Double](repeating: 0, count: factors.orbitCount)
        u = [Matrix3](repeating: .zero, count: factors.orbitCount)
        occupancies = factors.occupancies.map { [Double](repeating: 0, count: $0.count) }
        reciprocalSquares = .zero
    }

    mutating func clear() {
        for index in positions.indices {
            positions[index] = .zero
            b[index] = 0
            u[index] = .zero
            for occupant in occupancies[index].indices { occupancies[index][occupant] = 0 }
        }
        reciprocalSquares = .zero
    }

    mutating func add(_ other: StructureFactorGradient) {
        for index in positions.indices {
            positions[index] += other.positions[index]
            b[index] += other.b[index]
            u[index] = u[index] + other.u[index]
            for occupant in occupancies[index].indices {
                occupancies[index][occupant] += other.occupancies[index][occupant]
            }
        }
        reciprocalSquares += other.reciprocalSquares
    }
}

/// Memory of one part of the reverse pass.
final class StructureFactorReverse {
    let positions: DoubleBuffer
    var gradient: StructureFactorGradient

    init(_ factors: StructureFactors) {
        positions = DoubleBuffer(3 * factors.slotCount)
        gradient = StructureFactorGradient(of: factors)
    }
}

extension StructureFactors {
    /// Reverse pass: from ∂L/∂⟨|F|²⟩ of every reflection to the gradient with respect to all parameters.
    ///
    /// - Parameters:
    ///   - cotangent: ∂L/∂⟨|F|²⟩, one for each reflection.
    ///   - gradient: overwritten.
    ///   - qGradient: ∂L/∂q of each reflection through form factors and isotropic displacements is added here.
    package func reverse(
        cotangent: UnsafePointer<Double>, into gradient: inout StructureFactorGradient,
        qGradient: UnsafeMutablePointer<Double>
    ) {
        update()
        prepareReverse()
        split.forEach { reverse(part: $0, cotangent: cotangent, qGradient: qGradient) }
        collectReverse(into: &gradient)
    }

    /// Memory for as many parts as the work has; `update()` has been called.
    func prepareReverse() {
        guard reverseParts.isEmpty else { return }
        reverseParts = (0..<split.parts).map { _ in StructureFactorReverse(self) }
    }

    /// One part of the reflections; different parts may run at the same time.
    func reverse(part: Int, cotangent: UnsafePointer<Double>, qGradient: UnsafeMutablePointer<Double>) {
        let memory = reverseParts[part]
        var span = span(part)
        let range = Int(span.first)..<Int(span.last)
        let count = reflections.count
        memory.positions.clear()
        memory.gradient.clear()
        for row in 0..<rowCount + 1 {
            let start = row * count + range.lowerBound
            (weightGradient.base + start).update(repeating: 0, count: range.count)
            if let v = dispersionGradient { (v.base + start).update(repeating: 0, count: range.count) }
        }
        withUnsafePointer(to: kernel) { kernel in
            wyckoff_reverse(
                kernel, &span, weight.base, dispersion?.base, amplitudeP.base, amplitudeQ?.base, cotangent,
                memory.positions.base, weightGradient.base, dispersionGradient?.base)
        }
        for index in orbits.indices {
            memory.gradient.positions[index] = representativeGradient(of: index, memory.positions)
            contractWeights(of: index, range, into: &memory.gradient, qGradient: qGradient)
        }
    }

    func collectReverse(into gradient: inout StructureFactorGradient) {
        gradient.clear()
        for part in reverseParts { gradient.add(part.gradient) }
    }

    /// Σ_images Rᵀ ∂L/∂(position of the image).
    private func representativeGradient(of index: Int, _ positionGradient: DoubleBuffer) -> SIMD3<Double> {
        let orbit = orbits[index]
        var sum = SIMD3<Double>.zero
        for slot in orbit.firstSlot..<orbit.firstSlot + orbit.images.count {
            let g = SIMD3(
                positionGradient[slot], positionGradient[slotCount + slot],
                positionGradient[2 * slotCount + slot])
            for axis in 0..<3 {
                sum[axis] +=
                    g.x * rotations[axis * slotCount + slot] + g.y * rotations[(3 + axis) * slotCount + slot]
                    + g.z * rotations[(6 + axis) * slotCount + slot]
            }
        }
        return sum
    }

    private func contractWeights(
        of index: Int, _ range: Range<Int>, into gradient: inout StructureFactorGradient,
        qGradient: UnsafeMutablePointer<Double>
    ) {
        let orbit = orbits[index]
        let count = reflections.count
        var betaGradient = Matrix3.zero
        var bGradient = 0.0
        for (offset, row) in orbit.rows.enumerated() {
            let t = temperature.base + row * count
            let w = weight.base + row * count
            let u = weightGradient.base + row * count
            let d = dispersion.map { $0.base + row * count }
            let v = dispersionGradient.map { $0.base + row * count }
            for (occupant, type) in orbit.types.enumerated() {
                let f = formFactors.base + type * count
                let slope = formFactorSlopes.base + type * count
                let (real, imaginary) = (types[type].dispersionReal, types[type].dispersionImaginary)
                let occupancy = occupancies[index][occupant]
                var sum = 0.0
                for i in range {
                    sum += u[i] * t[i] * (f[i] + real)
                    qGradient[i] += u[i] * t[i] * occupancy * slope[i]
                }
                if let v, imaginary != 0 {
                    for i in range { sum += v[i] * t[i] * imaginary }
                }
                gradient.occupancies[index][occupant] += sum
            }
            switch displacements[index] {
            case .isotropic(let b):
                for i in range {
                    var logarithmic = u[i] * w[i]
                    if let v, let d { logarithmic += v[i] * d[i] }
                    bGradient -= q[i] * logarithmic
                    qGradient[i] -= b * logarithmic
                }
            case .anisotropic:
                let r = Matrix3(orbit.images[offset].rotation)
                for i in range {
                    var logarithmic = u[i] * w[i]
                    if let v, let d { logarithmic += v[i] * d[i] }
                    let h = SIMD3<Double>(reflections.indices[i]) * r
                    betaGradient = betaGradient - logarithmic * Matrix3(rows: h * h.x, h * h.y, h * h.z)
                }
            }
        }
        gradient.b[index] = bGradient
        if case .anisotropic(let u) = displacements[index] {
            let a = reciprocalLengths
            let factor = 2 * Double.pi * Double.pi
            var result = Matrix3.zero
            for i in 0..<3 {
                for j in 0..<3 {
                    result[i, j] = (i == j ? 1 : 2) * factor * a[i] * a[j] * betaGradient[i, j]
                    // ∂β_ij/∂(a*ᵢ²) = β_ij / (2 a*ᵢ²), and once more for j.
                    let share = betaGradient[i, j] * factor * a[i] * a[j] * u[i, j] / 2
                    gradient.reciprocalSquares[i] += share / (a[i] * a[i])
                    gradient.reciprocalSquares[j] += share / (a[j] * a[j])
                }
            }
            gradient.u[index] = result
        }
    }
}
