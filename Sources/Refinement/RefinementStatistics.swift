import Foundation

/// How well a calculated pattern agrees with a measured one. All R factors are fractions.
public struct RefinementStatistics: Sendable, Hashable {
    /// √(Σw(yo − yc)²/Σw yo²), background included.
    public var rwp: Double
    /// The same with the background taken off yo in the denominator.
    public var rwpBackgroundSubtracted: Double
    /// √((N − P)/Σw yo²): what counting alone allows.
    public var rexp: Double
    /// Rwp/Rexp.
    public var gof: Double
    /// Points with weight.
    public var points: Int
    /// The number of refined parameters.
    public var parameters: Int

    /// Σwyo², so that χ² = Rwp² Σwyo².
    package var weightedSquares: Double {
        Double(max(1, points - parameters)) / max(1e-300, rexp * rexp)
    }

    /// From observed and calculated values with their weights.
    package init(
        observed: [Double], calculated: [Double], background: [Double], weights: [Double], parameters: Int
    ) {
        var (misfit, whole, net) = (0.0, 0.0, 0.0)
        var points = 0
        for i in observed.indices where weights[i] > 0 {
            let difference = observed[i] - calculated[i]
            misfit += weights[i] * difference * difference
            whole += weights[i] * observed[i] * observed[i]
            net += weights[i] * (observed[i] - background[i]) * (observed[i] - background[i])
            points += 1
        }
        rwp = (misfit / max(whole, 1e-300)).squareRoot()
        rwpBackgroundSubtracted = (misfit / max(net, 1e-300)).squareRoot()
        rexp = (Double(max(1, points - parameters)) / max(whole, 1e-300)).squareRoot()
        gof = rwp / max(rexp, 1e-300)
        self.points = points
        self.parameters = parameters
    }
}
