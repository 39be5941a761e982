/// How alike two powder patterns are: a calculated one and a target, on the same grid.
///
/// Every measure has an exact gradient with respect to the calculated pattern; chained with
/// `PowderCalculation.gradient(of:)` it gives the gradient with respect to every parameter.
public enum SimilarityMeasure: Sendable, Hashable {
    case cosine
    case meanSquaredError
    case spectralEntropy
    case pearson
    case weightedProfileR
    case jensenShannon
    case wasserstein
    case squaredCDF
    /// Half-width of the triangle in degrees 2θ.
    case crossCorrelation(halfWidth: Double)

    /// All measures, the cross-correlation with the half-width 0.6° 2θ.
    public static let all: [SimilarityMeasure] = [
        .cosine, .meanSquaredError, .spectralEntropy, .pearson, .weightedProfileR, .jensenShannon,
        .wasserstein,
        .squaredCDF, .crossCorrelation(halfWidth: 0.6),
    ]

    /// As it is typed: `cosine`, `mse`, `entropy`, `pearson`, `rwp`, `jensen-shannon`, `wasserstein`, `cdf`,
    /// `cross-correlation`.
    public var name: String {
        switch self {
        case .cosine: "cosine"
        case .meanSquaredError: "mse"
        case .spectralEntropy: "entropy"
        case .pearson: "pearson"
        case .weightedProfileR: "rwp"
        case .jensenShannon: "jensen-shannon"
        case .wasserstein: "wasserstein"
        case .squaredCDF: "cdf"
        case .crossCorrelation: "cross-correlation"
        }
    }

    /// By the name that the command uses, such as "cosine"; nil where there is none of it.
    public init?(name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// True where a larger value means more alike; false for distances, whose best value is 0.
    public var isSimilarity: Bool {
        switch self {
        case .cosine, .spectralEntropy, .pearson, .crossCorrelation: true
        case .meanSquaredError, .weightedProfileR, .jensenShannon, .wasserstein, .squaredCDF: false
        }
    }

    /// Prepares the measure for a target.
    ///
    /// - Parameters:
    ///   - twoTheta: degrees, ascending; of the same count as `target`.
    ///   - weights: 1/σ² for `weightedProfileR`; 1 everywhere if nil.
    package func prepared(
        target: [Double], twoTheta: [Double], weights: [Double]? = nil
    ) -> PreparedSimilarity {
        PreparedSimilarity(kernel(target: target, twoTheta: twoTheta, weights: weights))
    }

    private func kernel(
        target: [Double], twoTheta: [Double], weights: [Double]?
    ) -> any SimilarityKernel {
        switch self {
        case .cosine: CosineSimilarity(target: target)
        case .meanSquaredError: MeanSquaredError(target: target)
        case .spectralEntropy: SpectralEntropySimilarity(target: target)
        case .pearson: PearsonCorrelation(target: target)
        case .weightedProfileR: WeightedProfileR(target: target, weights: weights)
        case .jensenShannon: JensenShannonDistance(target: target)
        case .wasserstein: WassersteinDistance(target: target, twoTheta: twoTheta)
        case .squaredCDF: SquaredCDFDistance(target: target, twoTheta: twoTheta)
        case .crossCorrelation(let halfWidth):
            TriangleCrossCorrelation(target: target, twoTheta: twoTheta, halfWidth: halfWidth)
        }
    }
}
