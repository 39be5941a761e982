import Diffraction
import NumericalMethods

/// Intensities of a powder calculation's reflections that the data choose instead of a structure (Pawley 1981):
/// non-negative linear least squares wherever the other parameters stand, so that only those are iterated (variable
/// projection with Kaufman's Jacobian, BIT 15 (1975) 49).
struct FreeIntensities {
    private let calculation: PowderCalculation
    private let observed: [Double]
    private let weights: [Double]
    /// By the first point.
    private var columns: [ProfileColumn] = []
    private var solution: [Double] = []
    private var identities: [[Int]] = []
    /// The pattern with the present intensities.
    private(set) var calculated: [Double] = []
    /// Where the present intensities belong.
    private var values: [Double]?

    init(_ calculation: PowderCalculation, observed: [Double], weights: [Double]) {
        self.calculation = calculation
        self.observed = observed
        self.weights = weights
    }

    /// How many are not zero.
    var count: Int { solution.count { $0 > 0 } }

    /// Gives the calculation the intensities that fit best.
    mutating func fit() {
        guard calculation.values != values else { return }
        values = calculation.values
        let matrix = calculation.profileMatrix()
        let sorted = matrix.columns.sorted {
            ($0.start, $0.phase, $0.number) < ($1.start, $1.phase, $1.number)
        }
        columns = sorted.map {
            ProfileColumn(
                start: $0.start, values: $0.values, byQ: [], byZero: [], byW: [], byU: [], byEta: [])
        }
        let background = calculation.background
        let net = observed.indices.map { observed[$0] - background[$0] }
        let identities = sorted.map { [$0.phase, $0.number] }
        let gram = BandedGram(columns, weights: weights)
        solution = gram.nonNegativeSolution(
            columns.map { $0.projection(of: net, weights: weights) },
            from: identities == self.identities ? solution : nil)
        self.identities = identities
        calculated = background
        for (k, column) in columns.enumerated() where solution[k] > 0 {
            for i in column.values.indices { calculated[column.start + i] += solution[k] * column.values[i] }
        }
        for phase in calculation.model.phases.indices {
            var squared = [Double](repeating: 0, count: calculation.intensityFactors(phase: phase).count)
            for (k, column) in sorted.enumerated() where column.phase == phase {
                squared[column.number] = solution[k]
            }
            calculation.setFreeIntensities(squared, phase: phase)
        }
    }

    /// Takes off every row of a Jacobian what the intensities can take up themselves.
    func project(_ jacobian: inout DenseMatrix) {
        let active = columns.indices.filter { solution[$0] > 0 }.map { columns[$0] }
        let gram = BandedGram(active, weights: weights)
        let count = jacobian.columns
        for row in 0..<jacobian.rows {
            let range = row * count..<(row + 1) * count
            jacobian.elements.replaceSubrange(
                range, with: gram.removing(active, from: Array(jacobian.elements[range]), weights: weights))
        }
    }
}
