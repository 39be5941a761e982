/// A model of a property of crystals that can be optimised: value and exact gradient in the mixture of elements,
/// cell and coordinates.
public protocol PropertyPredictor: Sendable {
    /// As typed: `gap`.
    var name: String { get }
    /// Empty for pure numbers.
    var unit: String { get }
    var domain: PredictorDomain { get }
    /// What the validation error is: `MAE`, `AUC`.
    var errorKind: String { get }
    /// On its own validation set, in `unit` for a MAE; nil where the model does not say.
    var validationError: Double? { get }
    /// What the model answers where nothing of a crystal reaches its last layer, in `unit`: no answer, however well it suits a
    /// target; nil where there is no such value.
    var floor: Double? { get }

    /// Whether its value of a crystal depends on the order of the atoms where `TieMode.reference` takes some of equally distant
    /// neighbours.
    var dependsOnOrder: Bool { get }

    /// One call in the budget of a search, with or without the gradient. A predictor may answer a search in single
    /// precision; a verdict asks for double.
    func evaluate(_ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision)
        -> PropertyEvaluation
}

extension PropertyPredictor {
    /// None.
    public var floor: Double? { nil }

    /// It does not.
    public var dependsOnOrder: Bool { false }

    /// In double precision.
    public func evaluate(_ crystal: MixedCrystal, gradient: Bool) -> PropertyEvaluation {
        evaluate(crystal, gradient: gradient, precision: .double)
    }
}

/// With how many digits a predictor calculates.
public enum PredictionPrecision: Sendable, Hashable {
    /// About six digits, several times as fast: for searches.
    case single
    case double
}
