import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// The free directions of a structure around a start, as an optimiser likes them: displacements in Å and a symmetric
/// logarithmic strain, each scaled so that a unit costs about the same energy.
///
/// Lattice vectors are L₀ exp ε with ε in the symmetric tensors that the point group leaves invariant; fractional
/// coordinates move along the site's own directions, orthonormal at L₀, a step of one moving the orbit's atoms by one Å
/// in root of sum of squares. Nothing that the vector can express breaks the group.
package struct RelaxationSpace: Sendable {
    /// Where x = 0.
    package let start: ReducedStructure
    /// Whether strains are among the parameters.
    package let relaxesCell: Bool
    /// Whether coordinates are among the parameters.
    package let relaxesPositions: Bool
    /// GPa.
    package let pressure: Double

    private let startVectors: Matrix3
    /// Invariant symmetric tensors on Cartesian axes, orthonormal.
    private let strains: [Matrix3]
    /// Å per unit of strain.
    private let strainLength: Double
    private let moves: [Move]
    /// Atoms of each orbit in the cell.
    private let counts: [Int]
    private let rotations: [Matrix3]

    /// A unit step of an orbit: what it adds to the fractional coordinates u.
    private struct Move: Sendable {
        var orbit: Int
        var coordinates: [Double]
        /// The same as a fractional displacement of the representative.
        var direction: SIMD3<Double>
    }

    /// Stiffness (eV/Å³) of a usual crystal against strain, and (eV/Å²) of an atom on its site: they set the scale only.
    private static let strainStiffness = 1.0
    private static let siteStiffness = 20.0

    /// The space of a structure's free strains and coordinates.
    package init(
        _ start: ReducedStructure, relaxesCell: Bool = true, relaxesPositions: Bool = true,
        pressure: Double = 0
    ) {
        self.start = start
        self.relaxesCell = relaxesCell
        self.relaxesPositions = relaxesPositions
        self.pressure = pressure
        let vectors = start.lattice.vectors
        startVectors = vectors
        counts = start.atomsPerOrbit
        strainLength = (start.expandedLattice.volume * Self.strainStiffness / Self.siteStiffness).squareRoot()
        rotations = InvariantMetric.rotations(of: start.spaceGroup.operations).map { Matrix3($0) }
        strains = relaxesCell ? Self.invariantStrains(start) : []
        let counts = counts
        moves =
            relaxesPositions
            ? start.orbits.indices.flatMap { Self.moves(of: $0, in: start, count: counts[$0]) } : []
    }

    /// The number of free parameters.
    package var dimension: Int { strains.count + moves.count }

    private static func invariantStrains(_ structure: ReducedStructure) -> [Matrix3] {
        let inverse = structure.lattice.vectors.inverse
        var result: [Matrix3] = []
        for metric in InvariantMetric.basis(of: structure.spaceGroup.operations) {
            var strain = inverse * Matrix3(metric) * inverse.transpose
            for other in result { strain = strain - other.contraction(strain) * other }
            let norm = strain.frobeniusNorm
            if norm > 1e-12 { result.append((1 / norm) * strain) }
        }
        return result
    }

    private static func moves(of orbit: Int, in structure: ReducedStructure, count: Int) -> [Move] {
        let site = structure.orbits[orbit]
        let directions = site.siteSymmetry.directions.map { SIMD3<Double>($0) }
        let share = Double(count).squareRoot()
        var result: [Move] = []
        var cartesian: [SIMD3<Double>] = []
        for (index, direction) in directions.enumerated() {
            var coordinates = [Double](repeating: 0, count: directions.count)
            coordinates[index] = 1
            var (fractional, real) = (direction, structure.lattice.cartesian(direction))
            for (other, unit) in zip(result, cartesian) {
                let overlap = unit.dot(real)
                real -= overlap * unit
                fractional -= overlap * share * other.direction
                for k in coordinates.indices { coordinates[k] -= overlap * share * other.coordinates[k] }
            }
            let length = real.length
            cartesian.append(real / length)
            result.append(
                Move(
                    orbit: orbit, coordinates: coordinates.map { $0 / length / share },
                    direction: fractional / (length * share)))
        }
        return result
    }

    // MARK: Structure

    private func strain(_ x: [Double]) -> Matrix3 {
        zip(strains, x).reduce(.zero) { $0 + ($1.1 / strainLength) * $1.0 }
    }

    /// The structure at a point of the space; the start at the origin.
    package func structure(at x: [Double]) -> ReducedStructure {
        var result = start
        if relaxesCell {
            let stretched = startVectors * SymmetricFunction(strain(x)).exponential
            result.latticeParameters = LatticeParameters(
                of: Lattice(vectors: stretched), in: start.spaceGroup)
        }
        for (move, step) in zip(moves, x.dropFirst(strains.count)) {
            for (k, change) in move.coordinates.enumerated() {
                result.orbits[move.orbit].coordinates[k] += step * change
            }
        }
        return result
    }

    // MARK: Gradient

    /// Enthalpy (eV per cell) and its gradient from the evaluation of `structure(at: x)`.
    package func enthalpy(
        _ evaluation: EnergyEvaluation, of structure: ReducedStructure, at x: [Double]
    ) -> (value: Double, gradient: [Double]) {
        let setting = structure.orientedSetting.vectors
        let volume = structure.expandedLattice.volume
        var gradient: [Double] = []
        gradient.reserveCapacity(dimension)
        if relaxesCell {
            // dE = (V/2) L⁻ᵀσL⁻¹ : dG with G = L₀ exp(2ε) L₀ᵀ.
            let inverse = setting.inverse
            let total = evaluation.stress + Matrix3(diagonal: SIMD3(repeating: pressure))
            let byMetric =
                (0.5 * volume / EnergyEvaluation.gigapascal) * (inverse.transpose * total * inverse)
            let byStretch = startVectors.transpose * byMetric * startVectors
            let byStrain = 2 * SymmetricFunction(2 * strain(x)).exponentialDerivative(byStretch)
            gradient += strains.map { byStrain.contraction($0) / strainLength }
        }
        let pulled = pulledForces(evaluation, of: structure)
        gradient += moves.map { -pulled[$0.orbit].dot($0.direction) }
        return (evaluation.energy + pressure * volume / EnergyEvaluation.gigapascal, gradient)
    }

    /// Σ over an orbit of Rᵀ (a·F, b·F, c·F): the orbit's force on its representative's fractional coordinates.
    private func pulledForces(
        _ evaluation: EnergyEvaluation, of structure: ReducedStructure
    ) -> [SIMD3<Double>] {
        let vectors = structure.orientedSetting.vectors
        var result = [SIMD3<Double>](repeating: .zero, count: structure.orbits.count)
        for (atom, force) in zip(structure.atoms, evaluation.forces) {
            result[atom.orbit] += (vectors * force) * Matrix3(atom.operation.rotation)
        }
        return result
    }

    /// What is left to relax: the largest force (eV/Å) on an atom and the largest component (GPa) of stress against the
    /// pressure, both of their invariant parts; zero for what is held.
    package func residual(
        _ evaluation: EnergyEvaluation, of structure: ReducedStructure
    ) -> (force: Double, stress: Double) {
        var (force, stress) = (0.0, 0.0)
        let vectors = structure.orientedSetting.vectors
        let inverse = vectors.inverse
        if relaxesPositions {
            for (index, pulled) in pulledForces(evaluation, of: structure).enumerated() {
                let invariant =
                    (pulled * structure.orbits[index].siteSymmetry.projector) / Double(counts[index])
                force = max(force, (inverse * invariant).length)
            }
        }
        if relaxesCell {
            let total = evaluation.stress + Matrix3(diagonal: SIMD3(repeating: pressure))
            var mean = Matrix3.zero
            for rotation in rotations {
                let turn = vectors.transpose * rotation * inverse.transpose
                mean = mean + turn * total * turn.transpose
            }
            for i in 0..<3 {
                for j in 0..<3 { stress = max(stress, abs(mean[i, j]) / Double(rotations.count)) }
            }
        }
        return (force, stress)
    }

    /// How far a step goes: the largest displacement of an atom (Å) and the largest strain.
    func extent(of step: [Double]) -> (displacement: Double, strain: Double) {
        var squares = [Double](repeating: 0, count: start.orbits.count)
        for (move, y) in zip(moves, step.dropFirst(strains.count)) {
            squares[move.orbit] += y * y / Double(counts[move.orbit])
        }
        return ((squares.max() ?? 0).squareRoot(), strain(step).frobeniusNorm)
    }

    /// 1 / curvature (Å²/eV) that the scales assume.
    var assumedCompliance: Double { 1 / Self.siteStiffness }
}

extension Matrix3 {
    /// Σ aᵢⱼ bᵢⱼ.
    func contraction(_ other: Matrix3) -> Double {
        rows.0.dot(other.rows.0) + rows.1.dot(other.rows.1) + rows.2.dot(other.rows.2)
    }
}

/// A symmetric 3 × 3 matrix by its eigenvalues: exponential, and the exponential's derivative (Daleckii & Krein).
private struct SymmetricFunction {
    private let values: SIMD3<Double>
    /// Columns are eigenvectors.
    private let vectors: Matrix3

    init(_ matrix: Matrix3) {
        // Of a matrix that is no number all functions are none.
        guard let eigen = try? SymmetricEigen(DenseMatrix(matrix)) else {
            (values, vectors) = (SIMD3(repeating: .nan), .identity)
            return
        }
        values = SIMD3(eigen.values[0], eigen.values[1], eigen.values[2])
        var columns = Matrix3.zero
        for i in 0..<3 { for j in 0..<3 { columns[i, j] = eigen.vectors[i, j] } }
        vectors = columns
    }

    var exponential: Matrix3 {
        let diagonal = Matrix3(diagonal: SIMD3(exp(values.x), exp(values.y), exp(values.z)))
        return vectors * diagonal * vectors.transpose
    }

    /// The adjoint of H ↦ d exp(A + tH)/dt, applied to a symmetric matrix.
    func exponentialDerivative(_ matrix: Matrix3) -> Matrix3 {
        var inner = vectors.transpose * matrix * vectors
        for i in 0..<3 {
            for j in 0..<3 {
                let half = (values[i] - values[j]) / 2
                let ratio = abs(half) < 1e-4 ? 1 + half * half / 6 : sinh(half) / half
                inner[i, j] *= exp((values[i] + values[j]) / 2) * ratio
            }
        }
        return vectors * inner * vectors.transpose
    }
}
