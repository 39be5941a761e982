import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// Refines a cell with free intensities: the cell's objective does not depend on the atoms (Pawley 1981).
///
/// Intensities are non-negative least squares at every step (variable projection, Kaufman's Jacobian), so that only
/// lattice parameters, zero shift and widths are iterated. The background is taken off beforehand.
public struct PawleyFit: Sendable {
    /// How it steps, and when it ends.
    package var settings = Settings()
    /// Steps after which it stops; 25.
    public var iterations: Int {
        get { settings.iterations }
        set { settings.iterations = newValue }
    }
    /// Ends when χ² falls by less than this share; 1e-6.
    public var convergence: Double {
        get { settings.convergence }
        set { settings.convergence = newValue }
    }
    /// Whether peak widths are refined.
    public var refinesWidths = true
    /// Whether the zero shift is refined.
    public var refinesZero = true

    /// The standard fit: cell, widths and zero.
    public init() {}

    /// What is fitted: points, net intensities and weights of the same count.
    public struct Data: Sendable {
        /// Degrees 2θ, increasing.
        public var twoTheta: [Double]
        /// Intensities above the background.
        public var net: [Double]
        /// 1/σ², one for each angle.
        public var weights: [Double]
        /// The lines of the source.
        public var radiation: Radiation

        /// A net pattern with its weights.
        public init(twoTheta: [Double], net: [Double], weights: [Double], radiation: Radiation) {
            (self.twoTheta, self.net, self.weights, self.radiation) = (twoTheta, net, weights, radiation)
        }

        /// The part below an angle.
        package func below(_ limit: Double) -> Data {
            let count = twoTheta.firstIndex { $0 > limit } ?? twoTheta.count
            return Data(
                twoTheta: Array(twoTheta.prefix(count)), net: Array(net.prefix(count)),
                weights: Array(weights.prefix(count)), radiation: radiation)
        }
    }

    /// Cell, profile and free intensities.
    public struct Result: Sendable {
        /// The refined cell.
        public var lattice: LatticeParameters
        /// The refined widths and zero shift.
        package var profile: CellProfile
        /// Integrated intensity of each reflection, in the order given; 0 outside the range.
        public var intensities: [Double]
        /// One value for each angle.
        public var calculated: [Double]
        /// Without background: √(Σw(y − yc)²/Σwy²) of net intensities.
        public var rwp: Double
    }

    /// Fits free intensities at the lines of a cell (Pawley, J. Appl. Cryst. 14, 357, 1981).
    package func callAsFunction(
        _ data: Data, reflections: [SIMD3<Int>], lattice: LatticeParameters, profile: CellProfile
    ) -> Result {
        var state = State(data, reflections, lattice, profile, previous: nil)
        var damping = settings.damping
        for _ in 0..<iterations where !WorkLimit.isOver {
            let (matrix, right) = state.normalEquations(
                data, refinesZero: refinesZero, refinesWidths: refinesWidths)
            var improved = false
            for _ in 0..<settings.trials {
                guard let step = Self.step(matrix, right, damping: damping) else { break }
                let (lattice, profile) = state.moved(by: step, settings)
                let trial = State(data, reflections, lattice, profile, previous: state.intensities)
                if trial.chiSquared < state.chiSquared {
                    improved = state.chiSquared - trial.chiSquared > convergence * state.chiSquared
                    state = trial
                    damping = max(settings.leastDamping, damping / settings.dampingFall)
                    break
                }
                damping *= settings.dampingRise
            }
            if !improved { break }
        }
        let norm = zip(data.net, data.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        return Result(
            lattice: state.lattice, profile: state.profile, intensities: state.intensities,
            calculated: state.calculated, rwp: (state.chiSquared / max(norm, 1e-300)).squareRoot())
    }

    private static func step(_ matrix: [[Double]], _ right: [Double], damping: Double) -> [Double]? {
        let n = right.count
        let factor = BandedCholesky(count: n, bandwidth: n - 1) { i, j in
            i == j ? matrix[i][i] * (1 + damping) + 1e-30 : matrix[i][j]
        }
        return factor.map { $0.upperSolution($0.lowerSolution(right)).map { -$0 } }
    }
}

/// One point of the iteration: columns, their best non-negative intensities and the residual.
private struct State {
    let lattice: LatticeParameters
    let profile: CellProfile
    let columns: [ProfileColumn?]
    let intensities: [Double]
    let calculated: [Double]
    let residual: [Double]
    let chiSquared: Double
    private let qDerivatives: [[Double]]
    private let gram: BandedGram
    /// Reflections with a column, in the order of their first point.
    private let order: [Int]

    init(
        _ data: PawleyFit.Data, _ reflections: [SIMD3<Int>], _ lattice: LatticeParameters,
        _ profile: CellProfile,
        previous: [Double]?
    ) {
        self.lattice = lattice
        self.profile = profile
        let reciprocal = lattice.lattice.reciprocalMetric
        let metricDerivatives = lattice.metricDerivatives
        var columns: [ProfileColumn?] = []
        var qDerivatives: [[Double]] = []
        for h in reflections {
            let index = SIMD3<Double>(h)
            let dual = reciprocal * index
            columns.append(profile.column(q: index.dot(dual), radiation: data.radiation, grid: data.twoTheta))
            // ∂Q/∂p = −(G⁻¹h)ᵀ ∂G/∂p (G⁻¹h)
            qDerivatives.append(metricDerivatives.map { -dual.dot($0 * dual) })
        }
        self.columns = columns
        self.qDerivatives = qDerivatives
        let order = columns.indices.filter { columns[$0] != nil }.sorted {
            (columns[$0]?.start ?? 0) < (columns[$1]?.start ?? 0)
        }
        self.order = order
        let ordered = order.compactMap { columns[$0] }
        gram = BandedGram(ordered, weights: data.weights)
        let projected = ordered.map { $0.projection(of: data.net, weights: data.weights) }
        let guess = previous.map { p in order.map { p[$0] } }
        let solution = gram.nonNegativeSolution(projected, from: guess)
        var intensities = [Double](repeating: 0, count: reflections.count)
        for (k, index) in order.enumerated() { intensities[index] = solution[k] }
        self.intensities = intensities
        var calculated = [Double](repeating: 0, count: data.net.count)
        for (k, column) in ordered.enumerated() where solution[k] > 0 {
            for i in column.values.indices { calculated[column.start + i] += solution[k] * column.values[i] }
        }
        self.calculated = calculated
        residual = zip(calculated, data.net).map { $0 - $1 }
        chiSquared = zip(residual, data.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    }

    /// Lattice parameters, then zero, then W, U, η.
    func normalEquations(
        _ data: PawleyFit.Data, refinesZero: Bool, refinesWidths: Bool
    ) -> (matrix: [[Double]], right: [Double]) {
        let latticeCount = lattice.values.count
        let count = latticeCount + 4
        var jacobian = [[Double]](repeating: [Double](repeating: 0, count: residual.count), count: count)
        for (h, column) in columns.enumerated() {
            guard let column, intensities[h] > 0 else { continue }
            for i in column.values.indices {
                let point = column.start + i
                let byQ = intensities[h] * column.byQ[i]
                for k in 0..<latticeCount { jacobian[k][point] += byQ * qDerivatives[h][k] }
                if refinesZero { jacobian[latticeCount][point] += intensities[h] * column.byZero[i] }
                if refinesWidths {
                    jacobian[latticeCount + 1][point] += intensities[h] * column.byW[i]
                    jacobian[latticeCount + 2][point] += intensities[h] * column.byU[i]
                    jacobian[latticeCount + 3][point] += intensities[h] * column.byEta[i]
                }
            }
        }
        let active = order.filter { intensities[$0] > 0 }.compactMap { columns[$0] }
        let projection = BandedGram(active, weights: data.weights)
        jacobian = jacobian.map { projection.removing(active, from: $0, weights: data.weights) }
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var right = [Double](repeating: 0, count: count)
        for i in 0..<count {
            for j in i..<count {
                var sum = 0.0
                for p in residual.indices { sum += data.weights[p] * jacobian[i][p] * jacobian[j][p] }
                matrix[i][j] = sum
                matrix[j][i] = sum
            }
            for p in residual.indices { right[i] += data.weights[p] * jacobian[i][p] * residual[p] }
            if matrix[i][i] == 0 { matrix[i][i] = 1 }
        }
        return (matrix, right)
    }

    func moved(by step: [Double], _ settings: PawleyFit.Settings) -> (LatticeParameters, CellProfile) {
        var lattice = lattice
        var profile = profile
        let count = lattice.values.count
        for k in 0..<count {
            let limit = settings.latticeStep * lattice.values[k]
            lattice.values[k] += max(-limit, min(limit, step[k]))
        }
        profile.zero += max(-settings.zeroStep, min(settings.zeroStep, step[count]))
        let widths = settings.widthStep
        profile.w = max(
            profile.w * widths.lowerBound, min(profile.w * widths.upperBound, profile.w + step[count + 1]))
        profile.u = max(
            -settings.negativeU * profile.w / 4,
            profile.u + max(-profile.w, min(profile.w, step[count + 2])))
        profile.eta = max(0, min(1, profile.eta + step[count + 3]))
        return (lattice, profile)
    }
}
