import Crystallography
import Parameterization

/// A crystal that a method proposes, with what it was judged by.
public struct DesignCandidate: Sendable {
    /// Its elements, and the pattern they were chosen in.
    package var decoration: Decoration
    /// Of the problem's space.
    package var x: [Double]
    /// One for each predictor.
    public var values: [Double]
    /// As in `DesignEvaluation.loss`.
    public var loss: Double
    /// A: the targets of the gap (and every property beside the formation energy) hold, gated by the classifier, and
    /// so do the constraints.
    public var meetsProperties: Bool
    /// A value that a target asks for is what its model answers where it knows nothing (`PropertyPredictor.floor`): no success.
    package var isOnFloor: Bool
    /// B: the target of the formation energy holds.
    public var isStable: Bool
    /// C: the tolerance factor, and τ where it is limited, is in range, or there is none.
    public var meetsTolerance: Bool
    /// D: the proof, one state for each orbit; nil where there is none.
    public var charges: [Int]?
    /// E: coordinates in range of the template, angles within 5°, and no two atoms too close (`ContactLimits`).
    public var keepsTemplate: Bool
    /// Of the mean radii; nil where the template has none.
    public var toleranceFactor: Double?
    /// Å.
    public var closestDistance: Double
    /// The tightest contact as a share of the sum of covalent radii.
    public var closestShare: Double
    /// Evaluations of all models that the verdict took.
    public var evaluations: Int
    /// With its elements on the template's orbits.
    public var structure: ReducedStructure

    /// All five.
    public var isSuccess: Bool {
        meetsProperties && isStable && meetsTolerance && charges != nil && keepsTemplate
    }

    /// One for each orbit.
    public var elements: [Element] { decoration.elements }
}
