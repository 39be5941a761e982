import Crystallography
import NumericalMethods
import PropertyModels

/// How far the atoms stand from the template's sites: the root mean square over the cell, in Å, at the crystal's own cell.
///
/// The template's sites are where symmetry lets forces vanish; what a search moves away from them without need, only a
/// model's error may reward.
package struct TemplateDisplacement: PropertyPredictor {
    /// As typed in a target.
    package static let name = "displacement"
    /// `displacement`
    package var name: String { Self.name }
    /// Å
    package var unit: String { "Å" }
    /// It is geometry, and takes any crystal of the template.
    package var domain: PredictorDomain { PredictorDomain(training: "nothing: geometry") }
    /// It has no error.
    package var errorKind: String { "MAE" }
    /// None.
    package var validationError: Double? { nil }

    /// Fractional, all atoms of the cell.
    private let sites: [SIMD3<Double>]

    init(_ space: DesignSpace) {
        sites = space.geometry(at: space.start).positions
    }

    /// The displacement and, where asked for, its exact derivatives by positions and metric.
    package func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let metric = crystal.geometry.lattice.metric
        let moves = zip(crystal.geometry.positions, sites).map { $0 - $1 }
        let count = Double(max(1, sites.count))
        let mean = moves.reduce(0) { $0 + $1.dot(metric * $1) } / count
        // Rounded off at the sites themselves, so that it has a slope there.
        let value = (mean + 1e-6).squareRoot()
        guard gradient else { return PropertyEvaluation(value: value) }
        var byMetric = Matrix3.zero
        for move in moves {
            let half = 0.5 / (count * value) * move
            byMetric.rows.0 += half.x * move
            byMetric.rows.1 += half.y * move
            byMetric.rows.2 += half.z * move
        }
        return PropertyEvaluation(
            value: value,
            gradient: PropertyGradient(
                mixtures: [Double](repeating: 0, count: crystal.mixtures.count),
                positions: moves.map { 1 / (count * value) * (metric * $0) }, metric: byMetric))
    }
}
