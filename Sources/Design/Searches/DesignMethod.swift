/// How candidates are searched for.
public enum DesignMethod: String, Sendable, Hashable, CaseIterable {
    /// Gradients of the targets choose the next elements (verified) and solve for cell and coordinates.
    case gradient
    /// The algorithm of SMOACS as published, masks that multiply logits and all.
    case smoacs
    /// The best of independent draws.
    case random
    /// Tree-structured Parzen estimator.
    case tpe
    /// Every composition, each from at least five starts: the known feasible set.
    case exhaustive
}
