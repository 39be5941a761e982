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

    /// What a model was trained on.
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
