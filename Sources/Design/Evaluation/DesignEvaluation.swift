/// What the predictors say of a crystal, and how far it is from the targets.
package struct DesignEvaluation: Sendable {
    /// One for each predictor.
    package var values: [Double]
    /// Σ weight · miss², targets and gate; 0 where all are met with a margin. Minima and maxima add their value.
    package var loss: Double
    /// Every window and the gate hold.
    package var isMet: Bool
    /// ∂(value)/∂(variables), for each predictor; empty where not asked for.
    package var gradients: [[Double]]
    /// ∂(value)/∂(share of an element on an orbit), for each predictor, in the order of `MixedCrystal.mixtures`;
    /// empty where not asked for.
    package var mixtureGradients: [[Double]]

    package init(
        values: [Double], loss: Double, isMet: Bool, gradients: [[Double]] = [],
        mixtureGradients: [[Double]] = []
    ) {
        (self.values, self.loss, self.isMet) = (values, loss, isMet)
        (self.gradients, self.mixtureGradients) = (gradients, mixtureGradients)
    }
}
