import CStructureFactors
import Crystallography
import NumericalMethods
import Symmetry

/// ⟨|F|²⟩ of a fixed list of reflections while single orbits move, for Monte Carlo searches: a move costs the moved
/// orbit's part of the sum alone, and taking it back costs a copy.
///
/// Nothing is allocated after the initializer. Not `Sendable`: one for each thread.
package final class IntegratedIntensities {
    private let factors: StructureFactors
    private let count: Int
    /// P and Q of every orbit, [orbit][P real, P imaginary, Q real, Q imaginary][reflection].
    private let parts: DoubleBuffer
    private let total: DoubleBuffer
    private let savedPart: DoubleBuffer
    private let savedTotal: DoubleBuffer
    private let squares: DoubleBuffer
    private let scratch: DoubleBuffer
    private var pending: (orbit: Int, position: SIMD3<Double>)?
    private var movesSinceSum = 0

    /// - Parameters:
    ///   - operations: all operations of the group, centring included.
    ///   - limit: the largest (sinθ/λ)², Å⁻²: 0.09 for sinθ/λ ≤ 0.3.
    package init(
        orbits: [ScatteringOrbit], operations: [SymmetryOperation], reciprocalMetric: Matrix3, limit: Double
    ) throws(DiffractionError) {
        try ReflectionList.check(reciprocalMetric: reciprocalMetric, limit: limit)
        let reflections = ReflectionList(
            operations: operations, reciprocalMetric: reciprocalMetric, limit: limit)
        factors = try StructureFactors(
            orbits: orbits, operations: operations, reflections: reflections,
            reciprocalMetric: reciprocalMetric,
            separatesOrbits: true)
        count = reflections.count
        parts = DoubleBuffer(4 * count * orbits.count)
        total = DoubleBuffer(4 * count)
        savedPart = DoubleBuffer(4 * count)
        savedTotal = DoubleBuffer(4 * count)
        squares = DoubleBuffer(count)
        scratch = DoubleBuffer(4 * factors.slotCount)
        factors.updateTablesAndWeights()
        for orbit in orbits.indices { sum(orbit) }
        sumParts()
    }

    package var reflections: ReflectionList { factors.reflections }
    package var positions: [SIMD3<Double>] { factors.positions }

    /// ⟨|F|²⟩ of each reflection for the present positions.
    package var values: [Double] { Array(valuesInPlace) }

    /// The same without a copy, until the next change.
    package var valuesInPlace: UnsafeBufferPointer<Double> {
        UnsafeBufferPointer(start: squares.base, count: count)
    }

    /// Moves an orbit's representative (fractional). A move before it is thereby accepted.
    package func move(_ orbit: Int, to position: SIMD3<Double>) {
        pending = (orbit, factors.positions[orbit])
        let part = parts.base + 4 * count * orbit
        savedPart.base.update(from: part, count: 4 * count)
        savedTotal.base.update(from: total.base, count: 4 * count)
        factors.setPosition(position, of: orbit)
        factors.updateTablesAndWeights()
        sum(orbit)
        movesSinceSum += 1
        if movesSinceSum >= 1000 {
            sumParts()
        } else {
            for i in 0..<4 * count { total.base[i] += part[i] - savedPart.base[i] }
            square()
        }
    }

    /// Takes the last move back; does nothing without one.
    package func revert() {
        guard let (orbit, position) = pending else { return }
        pending = nil
        (parts.base + 4 * count * orbit).update(from: savedPart.base, count: 4 * count)
        total.base.update(from: savedTotal.base, count: 4 * count)
        factors.setPosition(position, of: orbit)
        factors.updateTablesAndWeights()
        square()
    }

    private func sum(_ orbit: Int) {
        let slots = factors.orbits[orbit]
        let lanes = Int(WYCKOFF_LANES)
        let last = slots.firstSlot + (slots.images.count + lanes - 1) / lanes * lanes
        let part = parts.base + 4 * count * orbit
        var span = wyckoff_span(first: 0, last: Int32(count), scratch: scratch.base)
        wyckoff_amplitudes(
            &factors.kernel, &span, factors.weight.base, factors.dispersion?.base, Int32(slots.firstSlot),
            Int32(last), part,
            factors.hasDispersion ? part + 2 * count : nil)
    }

    /// The sum afresh, so that rounding does not pile up over many moves.
    private func sumParts() {
        movesSinceSum = 0
        total.clear()
        for orbit in 0..<factors.orbitCount {
            let part = parts.base + 4 * count * orbit
            for i in 0..<4 * count { total.base[i] += part[i] }
        }
        square()
    }

    private func square() {
        let t = total.base
        for i in 0..<count {
            let (a, b) = (t[i], t[count + i])
            squares.base[i] = a * a + b * b
        }
        guard factors.hasDispersion else { return }
        for i in 0..<count {
            let (c, d) = (t[2 * count + i], t[3 * count + i])
            squares.base[i] += c * c + d * d
        }
    }
}
