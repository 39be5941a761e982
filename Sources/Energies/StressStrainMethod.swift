import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// Elastic constants from stresses under small strains about the minimum of a potential, ions relaxed at each strain in the symmetry that
/// it leaves.
///
/// Only so many strains are applied as the point group does not make of one another; their images give the tensor, which so has the
/// symmetry of the group. Under pressure the constants are those between stress and strain (Wallace's B), which decide on stability there.
public struct StressStrainMethod: Sendable {
    /// The strain and what "relaxed" means.
    public var settings = ElasticSettings()
    /// GPa, hydrostatic.
    public var pressure = 0.0

    /// The standard method.
    public init() {}

    /// What was measured.
    public struct Finding: Sendable {
        /// Ions at rest under every strain: what sound and presses measure. x lies along a, y in the plane of a and b of the setting's cell
        /// (`ReducedStructure.lattice`).
        public var relaxed: ElasticConstants
        /// Ions held at their fractional coordinates, same axes.
        public var clamped: ElasticConstants
        /// Strains that were applied, to both sides…
        public var strains: Int
        /// …how large they were at most…
        public var strain: Double
        /// …and in how many steps.
        public var steps: Int
        /// Evaluations that it took.
        public var evaluations: Int
        /// GPa: the largest part of a stiffness by which it differs from its own exchange (C_IJ against C_JI), which no energy has.
        public var asymmetry: Double
        /// GPa: the largest standard error of a stiffness by what its fit leaves over, ripples of the potential above all; nil of fewer
        /// than three steps.
        public var uncertainty: Double?
        /// eV/Å: the largest force that was left under a strain.
        public var largestForce: Double
        /// Where they were measured: the start, relaxed on.
        public var minimum: ReducedStructure
    }

    /// - Parameter start: at a minimum, or near one; it is relaxed on to the settings' own limits.
    /// - Throws: what the potential throws, `SymmetryFinderError`, `ReductionError`.
    public func measure(
        _ start: ReducedStructure, _ potential: some InteratomicPotential
    ) throws -> Finding {
        let minimum = try relaxation(cell: true).relax(start, potential)
        var evaluations = minimum.last.evaluations
        let whole = minimum.structure.expanded()
        let found = try SymmetryFinder.find(in: whole, tolerance: settings.tolerance)
        var (structure, symmetry, turn) = (whole, found, Matrix3.identity)
        if potential.takesAnyCell {
            // r′ = turn · r from the whole cell's axes to the primitive one's.
            let small = try SymmetryFinder.standardize(whole, found, cell: .primitive)
            structure = small.structure
            symmetry = try SymmetryFinder.find(in: structure, tolerance: settings.tolerance)
            turn =
                structure.lattice.vectors.transpose * small.transformation
                * whole.lattice.vectors.transpose.inverse
        }
        let vectors = structure.lattice.vectors.transpose
        let rotations = symmetry.operationsInInput.map {
            KelvinNotation.rotation(vectors * Matrix3($0.rotation) * vectors.inverse)
        }
        var tables = [ImageTable(rotations), ImageTable(rotations)]
        var (largestForce, uncertainty) = (0.0, 0.0)
        let strains = ImageTable.independent(under: rotations)
        let steps = (1...max(1, settings.steps)).map { settings.strain * Double($0) / Double(settings.steps) }
        let fit = OddFit(steps)
        for strain in strains {
            // By component and step: half the difference of both sides, ions at rest and held.
            var odd = [[[Double]]](
                repeating: [[Double]](repeating: [Double](repeating: 0, count: steps.count), count: 6),
                count: 2)
            for (step, size) in steps.enumerated() {
                for sign in [1.0, -1.0] {
                    let ends = try stresses(
                        structure, (sign * size) * KelvinNotation.tensor(strain), potential)
                    evaluations += ends.evaluations
                    largestForce = max(largestForce, ends.force)
                    for (k, stress) in [ends.relaxed, ends.clamped].enumerated() {
                        for (i, component) in KelvinNotation.vector(stress).enumerated() {
                            odd[k][i][step] += sign * component / 2
                        }
                    }
                }
            }
            for k in 0..<2 { tables[k].add(strain, odd[k].map { fit.slope($0).value }) }
            uncertainty = max(uncertainty, odd[0].map { fit.slope($0).error }.max() ?? 0)
        }
        let back = KelvinNotation.rotation(
            (minimum.structure.cell?.orientation ?? .identity) * turn.transpose)
        let matrices = try tables.map { back * (try $0.matrix()) * back.transpose }
        let asymmetry = (0..<36).map { abs(matrices[0][$0 / 6, $0 % 6] - matrices[0][$0 % 6, $0 / 6]) }.max()
        return Finding(
            relaxed: try ElasticConstants(kelvin: matrices[0]),
            clamped: try ElasticConstants(kelvin: matrices[1]),
            strains: strains.count, strain: settings.strain, steps: steps.count, evaluations: evaluations,
            asymmetry: asymmetry ?? 0, uncertainty: steps.count > 2 ? uncertainty : nil,
            largestForce: largestForce, minimum: minimum.structure)
    }

    private func relaxation(cell: Bool) -> Relaxation {
        var relaxation = Relaxation()
        relaxation.forceTolerance = settings.force
        relaxation.stressTolerance = settings.stress
        relaxation.energyTolerance = settings.energy
        relaxation.maximumEvaluations = settings.evaluations
        relaxation.pressure = pressure
        relaxation.relaxesCell = cell
        return relaxation
    }

    /// Under one strain: with ions at rest, and where the strain alone leaves them.
    private func stresses(
        _ structure: CrystalStructure, _ strain: Matrix3,
        _ potential: some InteratomicPotential
    ) throws -> (relaxed: Matrix3, clamped: Matrix3, force: Double, evaluations: Int) {
        var strained = structure
        strained.lattice = Lattice(vectors: structure.lattice.vectors * (.identity + strain))
        let left = try SymmetryFinder.find(in: strained, tolerance: settings.tolerance)
        var clamped: Matrix3?
        let end = try relaxation(cell: false).relax(
            try ReducedStructure(reducing: strained, left), potential
        ) { step in clamped = clamped ?? step.evaluation.stress }
        return (
            end.last.evaluation.stress, clamped ?? end.last.evaluation.stress, end.last.largestForce,
            end.last.evaluations
        )
    }
}

/// The slope at zero of an odd function from its values at some steps: of the least squares of slope and cubic term.
private struct OddFit {
    private let steps: [Double]
    private let squares: (two: Double, four: Double, six: Double)

    init(_ steps: [Double]) {
        func sum(_ power: (Double) -> Double) -> Double { steps.reduce(0) { $0 + power($1) } }
        self.steps = steps
        squares = (sum { $0 * $0 }, sum { $0 * $0 * $0 * $0 }, sum { $0 * $0 * $0 * $0 * $0 * $0 })
    }

    /// The slope, and its standard error by what is left over; zero where nothing can be.
    func slope(_ values: [Double]) -> (value: Double, error: Double) {
        let first = zip(steps, values).reduce(0) { $0 + $1.0 * $1.1 }
        guard steps.count > 1 else { return (first / squares.two, 0) }
        let third = zip(steps, values).reduce(0) { $0 + $1.0 * $1.0 * $1.0 * $1.1 }
        let determinant = squares.two * squares.six - squares.four * squares.four
        let slope = (squares.six * first - squares.four * third) / determinant
        let cubic = (squares.two * third - squares.four * first) / determinant
        guard steps.count > 2 else { return (slope, 0) }
        let rest = zip(steps, values).reduce(0) { sum, pair in
            let miss = pair.1 - slope * pair.0 - cubic * pair.0 * pair.0 * pair.0
            return sum + miss * miss
        }
        return (slope, (rest / Double(steps.count - 2) * squares.six / determinant).squareRoot())
    }
}

/// Strains with the stresses that they cause, and all images of both under a point group: what the tensor is fitted to.
private struct ImageTable {
    private let rotations: [DenseMatrix]
    private var squares = DenseMatrix(rows: 6, columns: 6)
    private var products = DenseMatrix(rows: 6, columns: 6)

    init(_ rotations: [DenseMatrix]) { self.rotations = rotations }

    mutating func add(_ strain: [Double], _ slope: [Double]) {
        for rotation in rotations {
            let (e, s) = (rotation * strain, rotation * slope)
            for i in 0..<6 {
                for j in 0..<6 {
                    squares[i, j] += e[i] * e[j]
                    products[i, j] += s[i] * e[j]
                }
            }
        }
    }

    /// C of the least Σ |C e − s|².
    func matrix() throws -> DenseMatrix {
        var rows: [[Double]] = []
        for i in 0..<6 { rows.append(try squares.solve(Array(products.row(i)))) }
        return DenseMatrix(rows)
    }

    /// Unit strains along the axes, so few that their images span all six.
    static func independent(under rotations: [DenseMatrix]) -> [[Double]] {
        var basis: [[Double]] = []
        var result: [[Double]] = []
        for k in 0..<6 {
            var unit = [Double](repeating: 0, count: 6)
            unit[k] = 1
            let before = basis.count
            for rotation in rotations where basis.count < 6 {
                var rest = rotation * unit
                for _ in 0..<2 {
                    for other in basis {
                        let overlap = QuasiNewtonMemory.dot(other, rest)
                        for i in rest.indices { rest[i] -= overlap * other[i] }
                    }
                }
                let norm = QuasiNewtonMemory.dot(rest, rest).squareRoot()
                if norm > 1e-6 { basis.append(rest.map { $0 / norm }) }
            }
            if basis.count > before { result.append(unit) }
        }
        return result
    }
}
