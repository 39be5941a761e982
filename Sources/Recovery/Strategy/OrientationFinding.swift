import Refinement

/// What a pattern says of the direction by which its crystallites lie.
package struct OrientationFinding: Sendable, Hashable {
    /// The best of the directions that were tried, Miller indices.
    package let plane: SIMD3<Int>
    /// March's ratio; below 1 plates lie on the plane in reflection.
    package let ratio: Double
    /// One standard uncertainty; nil where the data do not tell it.
    package let uncertainty: Double?
    /// 2 ln K for the texture over none, the number of directions that were tried counted.
    package let evidence: Double
    /// Of the structure without texture; a fraction.
    package let rwpWithout: Double

    /// Whether the pattern asks for it; else the structure was left without.
    package var isTaken: Bool { evidence >= ModelComparison.decisive }
}
