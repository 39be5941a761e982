import Crystallography
import NumericalMethods

/// What a property model says of a crystal.
public struct PropertyEvaluation: Sendable {
    public var value: Double
    /// Nil where it was not asked for.
    public var gradient: PropertyGradient?

    public init(value: Double, gradient: PropertyGradient? = nil) {
        self.value = value
        self.gradient = gradient
    }
}

/// The exact derivatives of a predicted property at frozen neighbours.
public struct PropertyGradient: Sendable {
    /// ∂/∂(share of an element on an orbit), in the order of `MixedCrystal.mixtures`.
    public var mixtures: [Double]
    /// ∂/∂(fractional position), one for each atom of the cell; contract it with moves that keep the orbits.
    public var positions: [SIMD3<Double>]
    /// M with dy = Σ M_ij dG_ij for a change dG (Å²) of the metric at fixed fractional coordinates; symmetric.
    public var metric: Matrix3

    public init(mixtures: [Double], positions: [SIMD3<Double>], metric: Matrix3) {
        self.mixtures = mixtures
        self.positions = positions
        self.metric = metric
    }
}

/// Where a predictor may be used, and how good it is there.
public struct PredictorDomain: Sendable, Hashable {
    /// What it was trained on.
    public var training: String
    /// Structures it was fitted to; nil where unknown.
    public var trainingCount: Int?
    /// It was trained on non-metals only, so that its value for a metal means nothing.
    public var nonMetalsOnly: Bool
    /// Largest atomic number it knows.
    public var largestAtomicNumber: Int

    public init(
        training: String, trainingCount: Int? = nil, nonMetalsOnly: Bool = false,
        largestAtomicNumber: Int = 100
    ) {
        self.training = training
        self.trainingCount = trainingCount
        self.nonMetalsOnly = nonMetalsOnly
        self.largestAtomicNumber = largestAtomicNumber
    }
}

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

    /// One call in the budget of a search, with or without the gradient. A predictor may answer a search in single
    /// precision; a verdict asks for double.
    func evaluate(_ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision)
        -> PropertyEvaluation
}

extension PropertyPredictor {
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

/// Why a property cannot be predicted.
public enum PropertyModelError: Error, Sendable, Hashable, CustomStringConvertible {
    case noAtoms
    /// Counted from 0.
    case disorder(atom: Int)
    case unknownElement(symbol: String)
    /// The checkpoint is that of another kind of network.
    case architecture(file: String, reason: String)
    case unknownModel(String)

    public var description: String {
        switch self {
        case .noAtoms: "the structure has no atoms"
        case .disorder(let atom):
            "elements share the site of atom \(atom + 1); give an ordered structure"
        case .unknownElement(let symbol): "the model does not know \(symbol); it knows elements 1 to 100"
        case .architecture(let file, let reason):
            "\(file): not a CGCNN checkpoint (\(reason)); give one of at most 64 features a node and 41 Gaussians"
        case .unknownModel(let name):
            "no property model is called '\(name)'; there are "
                + PropertyModel.all.map(\.name).joined(separator: ", ")
        }
    }
}
